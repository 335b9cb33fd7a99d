import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJsonLines } from '../../../../client/admin/json-lines.ts'

/** A stream of these bytes, cut at these places. */
function streamOf(bytes: Uint8Array, cuts: readonly number[]): ReadableStream<Uint8Array> {
  const at = [
    0,
    ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b),
    bytes.length,
  ]
  return new ReadableStream({
    start(controller) {
      at.slice(1).forEach((end, i) => controller.enqueue(bytes.slice(at[i], end)))
      controller.close()
    },
  })
}

async function read(text: string, cuts: readonly number[] = []): Promise<unknown[]> {
  const values: unknown[] = []
  await readJsonLines(streamOf(new TextEncoder().encode(text), cuts), (value) => values.push(value))
  return values
}

describe('lines of JSON', () => {
  it('come one by one wherever the stream is cut, in letters too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ text: fc.string({ unit: 'grapheme' }) })),
        fc.array(fc.nat()),
        fc.boolean(),
        async (values, cuts, ended) => {
          const text = values.map((value) => JSON.stringify(value)).join('\n')
          expect(await read(ended ? `${text}\n` : text, cuts)).toEqual(values)
        },
      ),
    )
  })

  it('may have blank ones between them, and ends of Windows', async () => {
    expect(await read('{"a":1}\r\n\n \n{"a":2}')).toEqual([{ a: 1 }, { a: 2 }])
  })

  it('that are none are an error, after those before it', async () => {
    const values: unknown[] = []
    const bytes = new TextEncoder().encode('1\nnot json\n2\n')
    await expect(readJsonLines(streamOf(bytes, []), (value) => values.push(value))).rejects.toThrow(
      SyntaxError,
    )
    expect(values).toEqual([1])
  })

  it('of a cut-off stream are an error', async () => {
    await expect(read('{"a":')).rejects.toThrow(SyntaxError)
  })
})
