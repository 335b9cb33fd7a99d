import type { OrtLibrary, Pointer } from './ort-library.ts'
import { koffiLibrary } from './ort-library.ts'
import { releasePages } from './pages.ts'

/** Equally long runs of bytes, equally far apart: the tokens of each head of a cache. */
export type Runs = {
  /** Bytes of one run. */
  readonly bytes: number
  readonly count: number
  /** Bytes from where one run begins to where the next does. */
  readonly pitch: number
}

/** A piece of memory that caches lie in; places in it are offsets in bytes. */
export type CacheBlock = {
  readonly address: Pointer
  copy(from: number, to: number, runs: Runs): void
  swap(one: number, other: number, runs: Runs): void
  /** What lies there is not needed any more; it may be lost. */
  forget(offset: number, bytes: number): void
}

/** Memory that a session computes on. */
export type DeviceMemory = {
  /** What the runtime is told of tensors that lie there; null: they lie where all others do. */
  readonly info: Pointer | null
  /** Bytes that caches may take at once; null where they take memory only as they are written. */
  readonly cacheBytes: number | null
  /** Room for caches. Throws when there is none. */
  allocate(bytes: number): CacheBlock
  /** Waits until all copies asked for are made: runs do not. */
  settle(): void
  /** Gives back all that was allocated. The session must still be open. */
  release(): void
}

/** What graphs are computed on. */
export type Device = {
  readonly kind: 'cpu' | 'cuda'
  /** Says so to a session that is going to be opened. Throws the runtime's message. */
  choose(ort: OrtLibrary, sessionOptions: Pointer): void
  /** Memory of its own that is free, in bytes; null for the CPU, which has none of its own. */
  freeBytes(): number | null
  /** Opens its memory for a session. */
  memory(ort: OrtLibrary, session: Pointer): DeviceMemory
}

/** The processor: caches are ordinary memory, and whoever asks for more gets it when it is written. */
export const CPU: Device = {
  kind: 'cpu',
  choose: () => undefined,
  freeBytes: () => null,
  memory: () => ({
    info: null,
    cacheBytes: null,
    allocate: hostBlock,
    settle: () => undefined,
    release: () => undefined,
  }),
}

function hostBlock(length: number): CacheBlock {
  // Pages of a large buffer become resident only when they are first written.
  const items = new Uint8Array(new ArrayBuffer(length))
  const address = koffiLibrary().address(items)
  return {
    address,
    copy(from, to, { bytes, count, pitch }) {
      for (let at = 0; at < count * pitch; at += pitch) {
        items.copyWithin(to + at, from + at, from + at + bytes)
      }
    },
    swap(one, other, { bytes, count, pitch }) {
      for (let at = 0; at < count * pitch; at += pitch) {
        const kept = items.slice(other + at, other + at + bytes)
        items.copyWithin(other + at, one + at, one + at + bytes)
        items.set(kept, one + at)
      }
    },
    forget: (offset, bytes) => releasePages(address + BigInt(offset), bytes),
  }
}
