/** Below this a file is read before anybody wonders. */
const LARGE_BYTES = 16 * 1024 * 1024
const WIDTH = 30
/** Ten pictures a second are enough. */
const INTERVAL_MS = 100

/** How far the reading of files has come. */
export type Progress = {
  /** @param bytes of all files, or undefined where nobody knows */
  expect(bytes: number | undefined): void
  advance(bytes: number): void
  /** Takes the bar away. */
  end(): void
}

/** What a bar is drawn on. */
type Screen = { readonly isTTY?: boolean | undefined; write(text: string): unknown }

/**
 * A bar on a terminal, drawn while large files are read; nothing where the output is no terminal.
 * Before other lines are written it has to be cleared.
 */
export function createProgress(screen: Screen, now: () => number): Progress & { clear(): void } {
  let total: number | undefined
  let done = 0
  let drawnAt = Number.NEGATIVE_INFINITY
  let drawn = false
  const clear = () => {
    if (drawn) screen.write('\r\u001b[K')
    drawn = false
  }
  return {
    expect(bytes) {
      total = bytes
    },
    advance(bytes) {
      done += bytes
      if (screen.isTTY !== true || total === undefined || total < LARGE_BYTES) return
      if (now() - drawnAt < INTERVAL_MS) return
      drawnAt = now()
      drawn = true
      screen.write(`\r${picture(done, total)}\u001b[K`)
    },
    end: clear,
    clear,
  }
}

function picture(done: number, total: number): string {
  const share = Math.min(1, done / total)
  const filled = Math.round(share * WIDTH)
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
  const percent = `${Math.floor(share * 100)}`.padStart(3)
  return `reading ${bar} ${percent} % of ${(total / 1e6).toFixed(0)} MB`
}
