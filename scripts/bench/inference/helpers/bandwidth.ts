// How fast one core reads memory that is in no cache.
import { serveParent } from '../../lib/helper.ts'

const BYTES = 256 * 2 ** 20
const LINE = 16
let memory: Int32Array | undefined

serveParent({
  /** Reads for so long; gigabytes (10⁹) a second. One number of every line of 64 bytes is enough. */
  read(ms: number): number {
    const items = (memory ??= new Int32Array(BYTES / 4).fill(1))
    const since = performance.now()
    let [bytes, sum, passed] = [0, 0, 0]
    while (passed < ms) {
      for (let at = 0; at < items.length; at += LINE) sum = (sum + (items[at] ?? 0)) | 0
      bytes += BYTES
      passed = performance.now() - since
    }
    return sum === 0 ? Number.NaN : bytes / 1e6 / passed
  },
})
