/** Bytes of one protobuf message; fields come in the order in which they are written. */
export interface MessageWriter {
  /** A whole number, negative ones as two's complement of 64 bits. */
  integer(field: number, value: number | bigint): void
  /** A single-precision number. */
  float(field: number, value: number): void
  text(field: number, value: string): void
  /** Bytes, or a message inside this one. */
  bytes(field: number, value: Uint8Array): void
  finish(): Uint8Array
}

const VARINT = 0
const LENGTH_DELIMITED = 2
const FIXED32 = 5
const encoder = new TextEncoder()

/** A message to write; nothing is left out, so defaults are the caller's to omit. */
export function createMessage(): MessageWriter {
  const parts: Uint8Array[] = []
  const head = (field: number, kind: number) => parts.push(varint(BigInt(field * 8 + kind)))
  const writer: MessageWriter = {
    integer(field, value) {
      head(field, VARINT)
      parts.push(varint(BigInt.asUintN(64, BigInt(value))))
    },
    float(field, value) {
      head(field, FIXED32)
      const bytes = new Uint8Array(4)
      new DataView(bytes.buffer).setFloat32(0, value, true)
      parts.push(bytes)
    },
    text(field, value) {
      writer.bytes(field, encoder.encode(value))
    },
    bytes(field, value) {
      head(field, LENGTH_DELIMITED)
      parts.push(varint(BigInt(value.length)), value)
    },
    finish: () => Buffer.concat(parts),
  }
  return writer
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let left = value
  while (left > 0x7fn) {
    bytes.push(Number(left & 0x7fn) | 0x80)
    left >>= 7n
  }
  bytes.push(Number(left))
  return Uint8Array.from(bytes)
}
