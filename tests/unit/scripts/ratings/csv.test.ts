import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitRecord } from '../../../../scripts/ratings/csv.ts'
import { read } from './heard.ts'

const cuts = fc.array(fc.nat(), { maxLength: 8 })
const cell = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('"', ',', '\n', ';', '\t', 'a', 'é'), maxLength: 6 }),
)
/** Records of three cells; none is a blank line. */
const records = fc.array(fc.tuple(fc.constant('x'), cell, cell), { maxLength: 8 })

describe('readCsv', () => {
  test('any table that csv-stringify writes comes back, however it is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        records,
        cuts,
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        async (rows, at, delimiter, lineEnd) => {
          const table = [['one', 'two', 'three'], ...rows]
          const text = stringify(table, {
            delimiter,
            record_delimiter: lineEnd,
            quoted_match: /[\r\n]/,
          })
          const heard = await read('csv', text, at)
          expect(heard.bad).toEqual([])
          // A line end inside a field is kept as LF.
          const normal = (value: string) => value.replaceAll('\r\n', '\n')
          expect(heard.rows.map(({ row }) => Object.values(row))).toEqual(
            rows.map((row) => row.map(normal)),
          )
        },
      ),
    )
  })

  test('one record is split as csv-parse splits it', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 2, maxLength: 5 }), (cells) => {
        const text = stringify([cells], { eof: false })
        expect([splitRecord(text, ',')]).toEqual(parse(text, { relax_column_count: true }))
      }),
    )
  })

  test('places are lines: of the header 1, of a record the line on which it begins', async () => {
    const { rows } = await read('csv', 'a,b\n1,"x\ny"\n\n2,z\n')
    expect(rows).toEqual([
      { row: { a: '1', b: 'x\ny' }, place: 'f:2' },
      { row: { a: '2', b: 'z' }, place: 'f:5' },
    ])
  })

  test('the last line needs no end; blank lines are nothing', async () => {
    const { rows, bad } = await read('csv', 'a,b\r\n\r\n1,2\r\n\r\n3,4')
    expect(rows.map(({ row }) => row)).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ])
    expect(bad).toEqual([])
  })

  test('a row with too few or too many fields is bad, and only that one', async () => {
    const { rows, bad } = await read('csv', 'a,b\n1\n1,2\n1,2,3\n')
    expect(rows).toHaveLength(1)
    expect(bad).toEqual([
      'f:2: wrong number of fields: 1 where the header has 2',
      'f:4: wrong number of fields: 3 where the header has 2',
    ])
  })

  test('a stray quote costs its own line only', async () => {
    const { rows, bad } = await read('csv', 'a,b\n1,x"y\n2,ok\n3,"x"y\n4,ok\n')
    expect(bad.map((line) => line.split(': ').slice(0, 2))).toEqual([
      ['f:2', 'broken quotes'],
      ['f:4', 'broken quotes'],
    ])
    expect(rows.map(({ row }) => row['a'])).toEqual(['2', '4'])
  })

  test('a quoted field that never ends is named where it begins', async () => {
    await expect(read('csv', 'a,b\n1,2\n3,"x\n4,5\n6,7\n')).rejects.toThrow(
      'f:3: a quoted field begins here and never ends',
    )
  })

  test('bytes of another encoding cost their own line', async () => {
    const content = Buffer.from('a,b\n1,x\n2,\xe9\n3,\xc3\xa9\n4,\xc3\n', 'latin1')
    for (const cut of [0, 9, 10, 13, 15, 19]) {
      const { rows, bad } = await read('csv', content, [cut])
      expect(rows.map(({ row }) => row['b'])).toEqual(['x', 'é'])
      expect(bad.map((line) => line.split(': ').slice(0, 2))).toEqual([
        ['f:3', 'not UTF-8'],
        ['f:5', 'not UTF-8'],
      ])
    }
  })

  test.each([
    ['', 'f:1: the file is empty: it has no header'],
    ['a,"b\n', 'f:1: a quoted field begins here and never ends'],
    ['a,b"\n1,2\n', 'f:1: the header has a stray quote'],
  ])('no header, no rows: %j', async (content, message) => {
    await expect(read('csv', content)).rejects.toThrow(message)
  })

  test('a header of another encoding is told as that', async () => {
    await expect(read('csv', Buffer.from([0x61, 0xe9, 0x0a]))).rejects.toThrow(
      'f:1: the header is not UTF-8',
    )
  })
})
