import { once } from 'node:events'
import type { Response } from 'express'

/**
 * Answers with JSON lines as they come, each sent at once.
 *
 * @param lines gets a signal that is aborted when the reader has gone; is not asked for if they went
 *   before
 */
export async function sendJsonLines(
  response: Response,
  lines: (signal: AbortSignal) => AsyncIterable<unknown>,
): Promise<void> {
  // Its end has been told already: nothing would ever stop what is begun now.
  if (response.closed) return
  const gone = new AbortController()
  const left = () => gone.abort(new Error('the reader has gone'))
  response.once('close', left)
  response.set({
    'Content-Type': 'application/jsonl; charset=utf-8',
    'Cache-Control': 'no-store',
    // Proxies that gather answers would hold back what should be seen now.
    'X-Accel-Buffering': 'no',
  })
  response.flushHeaders()
  try {
    for await (const line of lines(gone.signal)) {
      if (gone.signal.aborted) break
      if (response.write(`${JSON.stringify(line)}\n`)) continue
      await once(response, 'drain', { signal: gone.signal })
    }
    response.end()
  } catch (cause) {
    if (!gone.signal.aborted) throw cause
  } finally {
    response.off('close', left)
  }
}
