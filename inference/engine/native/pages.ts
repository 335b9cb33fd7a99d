import { type Pointer, koffiLibrary } from './ort-library.ts'

const PAGE_BYTES = 4096n
/** Linux: the pages are given up now, and read as zeros when they are touched again. */
const MADV_DONTNEED = 4

type Madvise = (address: Pointer, length: bigint, advice: number) => number
let madvise: Madvise | null | undefined

/**
 * Gives whole pages inside of a range back to the system. Only Linux promises that they go at once;
 * elsewhere they stay, within what the slots can hold in all.
 */
export function releasePages(address: Pointer, bytes: number): void {
  madvise ??= findMadvise()
  if (madvise === null) return
  const from = ((address + PAGE_BYTES - 1n) / PAGE_BYTES) * PAGE_BYTES
  const to = ((address + BigInt(bytes)) / PAGE_BYTES) * PAGE_BYTES
  if (to > from) madvise(from, to - from, MADV_DONTNEED)
}

function findMadvise(): Madvise | null {
  if (process.platform !== 'linux') return null
  // The process itself has the C library open, whichever it is.
  return koffiLibrary()
    .load(null)
    .func('int madvise(void *address, size_t length, int advice)') as Madvise
}
