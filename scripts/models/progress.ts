import { bytesText } from './format.ts'

const WIDTH = 30
/** Ten pictures a second are enough. */
const PICTURE_MS = 100
/** Where nobody looks a line in ten seconds is enough. */
const LINE_MS = 10_000

/** How far copying or downloading has come. */
export interface Progress {
  /** Tells how many bytes there will be, and what is being done with them. */
  expect(bytes: number, doing: string): void
  /** So many bytes more are done; fewer when some have to be fetched again. */
  advance(bytes: number): void
  /** Takes the bar away. */
  end(): void
}

/** What progress is shown on. */
export interface Screen {
  readonly isTTY?: boolean | undefined
  write(text: string): unknown
}

/** A bar on a terminal; elsewhere a line now and then, and none for what is done before. */
export function createProgress(screen: Screen, now: () => number): Progress {
  let [total, done, doing] = [0, 0, '']
  let shownAt = now()
  let drawn = false
  return {
    expect(bytes, what) {
      ;[total, done, doing] = [bytes, 0, what]
      shownAt = screen.isTTY === true ? Number.NEGATIVE_INFINITY : now()
    },
    advance(bytes) {
      done += bytes
      if (now() - shownAt < (screen.isTTY === true ? PICTURE_MS : LINE_MS)) return
      shownAt = now()
      if (screen.isTTY === true) {
        drawn = true
        screen.write(`\r${picture(done, total, doing)}\u001b[K`)
      } else {
        screen.write(`${doing}: ${bytesText(done)} of ${bytesText(total)}\n`)
      }
    },
    end() {
      if (drawn) screen.write('\r\u001b[K')
      drawn = false
    },
  }
}

function picture(done: number, total: number, doing: string): string {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 1
  const filled = Math.round(share * WIDTH)
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
  return `${doing} ${bar} ${String(Math.floor(share * 100)).padStart(3)} % of ${bytesText(total)}`
}
