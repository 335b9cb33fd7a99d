import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { read } from './heard.ts'

const cuts = fc.array(fc.nat(), { maxLength: 10 })
const vote = { model_a: 'x', model_b: 'y', winner: 'tie' }
/** Objects with anything beside the vote, as logs with conversations have it. */
const votes = fc.array(
  fc.jsonValue().map((conversation) => ({ ...vote, conversation })),
  { maxLength: 6 },
)
const asJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown

describe('readJsonArray', () => {
  test('any array comes back, however it is indented and cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(votes, cuts, fc.constantFrom(0, 2, '\t'), async (rows, at, indent) => {
        const heard = await read('json', JSON.stringify(rows, null, indent), at)
        expect(heard.bad).toEqual([])
        expect(heard.rows.map(({ row }) => row)).toEqual(asJson(rows))
      }),
    )
  })

  test('an array cut off anywhere is refused', async () => {
    const text = JSON.stringify([vote, { ...vote, note: 'a "quoted" \\ ] } text' }])
    for (let length = 0; length < text.length; length++) {
      await expect(read('json', text.slice(0, length))).rejects.toThrow(/^f:1: the file is cut off/)
    }
  })

  test('places are the lines on which elements begin', async () => {
    const { rows } = await read(
      'json',
      `[\n${JSON.stringify(vote, null, 1)},\n  ${JSON.stringify(vote)}]`,
    )
    expect(rows.map(({ place }) => place)).toEqual(['f:2', 'f:7'])
  })

  test('an element that is no vote is a bad row', async () => {
    const { rows, bad } = await read(
      'json',
      `[${JSON.stringify(vote)},\n7,\n"x, ]",\n{"winner":NaN},\n[{}],\n{"model_a":"x"} {"model_a":"x"}, ${JSON.stringify(vote)}]`,
    )
    expect(rows).toHaveLength(2)
    expect(bad.map((line) => line.split(': ').slice(0, 2))).toEqual([
      ['f:2', 'not an object'],
      ['f:3', 'not an object'],
      ['f:4', 'not JSON'],
      ['f:5', 'not an object'],
      ['f:6', 'not JSON'],
    ])
  })

  test('an element in another encoding is a bad row', async () => {
    const { bad } = await read('json', Buffer.from('[{"model_a":"\xe9"}]', 'latin1'))
    expect(bad[0]).toMatch(/^f:1: not UTF-8/)
  })

  test.each([
    ['{}', 'this is no JSON array'],
    ['[1,,2]', 'an element of the array is missing'],
    ['[1,]', 'an element of the array is missing'],
    ['[] x', 'something follows after the end of the array'],
  ])('what is no array is refused: %s', async (content, message) => {
    await expect(read('json', content)).rejects.toThrow(`f:1: ${message}`)
  })

  test('an array without elements is a file without votes', async () => {
    expect(await read('json', ' [ ]\n')).toEqual({ rows: [], bad: [] })
  })
})

describe('readJsonLines', () => {
  test('any lines come back, however they are cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        votes,
        cuts,
        fc.constantFrom('\n', '\r\n', '\n\n'),
        async (rows, at, end) => {
          const text = rows.map((row) => JSON.stringify(row)).join(end)
          const heard = await read('jsonl', text, at)
          expect(heard.bad).toEqual([])
          expect(heard.rows.map(({ row }) => row)).toEqual(asJson(rows))
        },
      ),
    )
  })

  test('a line that is cut off, of another encoding, or no object is a bad row', async () => {
    const line = JSON.stringify(vote)
    const content = Buffer.from(
      `${line}\n[1]\n{"model_a":"\xe9"}\n${line}\n${line.slice(0, 9)}`,
      'latin1',
    )
    const { rows, bad } = await read('jsonl', content)
    expect(rows.map(({ place }) => place)).toEqual(['f:1', 'f:4'])
    expect(bad.map((each) => each.split(': ').slice(0, 2))).toEqual([
      ['f:2', 'not an object'],
      ['f:3', 'not UTF-8'],
      ['f:5', 'not JSON'],
    ])
  })

  test('objects before the first vote are bad rows; if no vote comes, the file is refused', async () => {
    const some = await read('jsonl', `{"type":"chat"}\n${JSON.stringify(vote)}`)
    expect(some.rows).toHaveLength(1)
    expect(some.bad).toEqual(['f:1: missing columns: found type'])
    await expect(read('jsonl', '{"type":"chat","tstamp":1}\n{}')).rejects.toThrow(
      /^f: needs model_a.*; found type, tstamp$/,
    )
    // A log of something else is not read to its end.
    await expect(read('jsonl', '{"type":"chat"}\n'.repeat(1000))).rejects.toThrow(/^f: needs/)
  })
})
