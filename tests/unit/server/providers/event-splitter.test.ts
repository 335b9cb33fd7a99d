import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  EventSplitter,
  EventTooLarge,
  MAX_EVENT_CHARACTERS,
} from '../../../../server/providers/event-splitter.ts'

function split(pieces: readonly Buffer[]): string[] {
  const events: string[] = []
  const splitter = new EventSplitter((data) => events.push(data))
  for (const piece of pieces) splitter.push(piece)
  splitter.end()
  return events
}

function cut(bytes: Buffer, points: readonly number[]): Buffer[] {
  const sorted = [0, ...points.map((point) => point % (bytes.length + 1)), bytes.length]
  sorted.sort((left, right) => left - right)
  return sorted.slice(1).map((to, index) => bytes.subarray(sorted[index], to))
}

describe('EventSplitter', () => {
  test.each([
    ['LF', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['CR', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['mixed line ends', 'data: a\r\n\ndata: b\r\r\n', ['a', 'b']],
    ['several data lines', 'data: a\ndata: b\ndata\n\n', ['a\nb\n']],
    ['comments and other fields', ': ping\nevent: x\nid: 1\ndataset: y\ndata:a\n\n', ['a']],
    ['only one blank is taken off', 'data:  a\n\n', [' a']],
    ['a byte order mark', '\ufeffdata: a\n\n', ['a']],
    ['no end after the last event', 'data: a\n\ndata: b', ['a', 'b']],
    ['blank lines alone', '\n\n\n', []],
  ])('reads %s', (_, text, events) => {
    expect(split([Buffer.from(text)])).toEqual(events)
    expect(split([...Buffer.from(text)].map((byte) => Buffer.from([byte])))).toEqual(events)
  })

  test('split anywhere, even inside a character, is the same as unsplit', () => {
    const lineEnd = fc.constantFrom('\n', '\r', '\r\n')
    const value = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .map((s) => s.replaceAll(/[\r\n\0]/g, ''))
    const line = fc.oneof(
      value.map((v) => `data: ${v}`),
      value.map((v) => `:${v}`),
      fc.constant(''),
    )
    const stream = fc
      .array(fc.tuple(line, lineEnd), { maxLength: 30 })
      .map((lines) => Buffer.from(lines.flat().join('')))
    fc.assert(
      fc.property(stream, fc.array(fc.nat(2000), { maxLength: 20 }), (bytes, points) => {
        expect(split(cut(bytes, points))).toEqual(split([bytes]))
      }),
      { numRuns: 300 },
    )
  })

  test('bounds a line and an event of many lines', () => {
    const line = Buffer.alloc(64 * 1024, 'x')
    const endless = () => {
      const splitter = new EventSplitter(() => undefined)
      for (let sent = 0; sent <= MAX_EVENT_CHARACTERS; sent += line.length) splitter.push(line)
    }
    expect(endless).toThrow(EventTooLarge)
    const lines = () => {
      const splitter = new EventSplitter(() => undefined)
      const data = Buffer.from(`data: ${'x'.repeat(64 * 1024)}\n`)
      for (let sent = 0; sent <= MAX_EVENT_CHARACTERS; sent += line.length) splitter.push(data)
    }
    expect(lines).toThrow(EventTooLarge)
  })
})
