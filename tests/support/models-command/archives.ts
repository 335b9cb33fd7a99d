import { crc32, deflateRawSync } from 'node:zlib'

/** One entry of a made-up archive, with lies where they are wanted. */
export interface MadeEntry {
  readonly name: string
  readonly bytes?: Buffer
  /** The size that the archive says it has. */
  readonly size?: number
  /** tar: the type flag; zip: the Unix mode. */
  readonly kind?: string | number
  readonly link?: string
}

/** A tar archive. */
export function tarOf(entries: readonly MadeEntry[]): Buffer {
  const blocks = entries.flatMap(
    ({ name, bytes = Buffer.alloc(0), size, kind = '0', link = '' }) => {
      const header = Buffer.alloc(512)
      header.write(name, 0, 100)
      header.write('0000644\0', 100)
      header.write((size ?? bytes.length).toString(8).padStart(11, '0'), 124)
      header.write('        ', 148)
      header.write(String(kind), 156)
      header.write(link, 157, 100)
      header.write('ustar\u000000', 257)
      const sum = header.reduce((total, byte) => total + byte, 0)
      header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
      return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]
    },
  )
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

/** A zip archive, packed. */
export function zipOf(entries: readonly MadeEntry[]): Buffer {
  const bodies: Buffer[] = []
  const listed: Buffer[] = []
  let offset = 0
  for (const { name, bytes = Buffer.alloc(0), size, kind = 0 } of entries) {
    const packed = deflateRawSync(bytes)
    const nameBytes = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(size ?? bytes.length, 18)
    common.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.concat([
      Buffer.from('PK\u0003\u0004', 'latin1'),
      common,
      nameBytes,
      packed,
    ])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE((Number(kind) << 16) >>> 0, 6)
    tail.writeUInt32LE(offset, 10)
    const version = Buffer.from([20, 3])
    listed.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002', 'latin1'), version, common, tail, nameBytes]),
    )
    bodies.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(listed)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 0, 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...bodies, directory, end])
}
