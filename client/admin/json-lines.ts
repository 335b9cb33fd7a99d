/**
 * Reads a stream of JSON values, one a line, and hands on each as soon as it is whole, wherever the
 * network has cut it. Blank lines stand for nothing; the last line may lack its end.
 *
 * @throws what the stream throws, and SyntaxError at a line that is no JSON
 */
export async function readJsonLines(
  stream: ReadableStream<Uint8Array> | null,
  onValue: (value: unknown) => void,
): Promise<void> {
  if (stream === null) return
  const decoder = new TextDecoder()
  const reader = stream.getReader()
  let rest = ''
  const take = (line: string) => {
    if (line.trim() !== '') onValue(JSON.parse(line))
  }
  try {
    for (;;) {
      const { done, value } = await reader.read()
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true })
      const lines = rest.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) take(line)
      if (done) break
    }
    take(rest)
  } finally {
    // After a line that is no JSON nobody reads on: let the connection go.
    void reader.cancel().catch(() => undefined)
  }
}
