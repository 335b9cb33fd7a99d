import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StopMatcher } from '../../../../inference/text/stop-matcher.ts'

function run(
  pieces: readonly string[],
  stops: readonly string[],
): { text: string; stopped: boolean } {
  const matcher = new StopMatcher(stops)
  let text = ''
  for (const piece of pieces) {
    const released = matcher.push(piece)
    text += released.text
    if (released.stopped) return { text, stopped: true }
  }
  return { text: text + matcher.flush(), stopped: false }
}

/** The text up to the match that ends first, of several such the longest. */
function cut(text: string, stops: readonly string[]): { text: string; stopped: boolean } {
  for (let end = 1; end <= text.length; end++) {
    const found = stops.filter((stop) => text.slice(0, end).endsWith(stop))
    const longest = Math.max(...found.map((stop) => stop.length))
    if (found.length > 0) return { text: text.slice(0, end - longest), stopped: true }
  }
  return { text, stopped: false }
}

// Few letters make matches, overlaps and near misses common.
const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '👍') })
const stop = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength: 1, maxLength: 4 })

describe('StopMatcher', () => {
  it('gives the same text wherever the pieces are cut', () => {
    fc.assert(
      fc.property(fc.array(text), fc.array(stop, { maxLength: 4 }), (pieces, stops) => {
        expect(run(pieces, stops)).toEqual(cut(pieces.join(''), stops))
      }),
    )
  })

  it('never holds back more than might still become a stop string', () => {
    fc.assert(
      fc.property(fc.array(text), fc.array(stop, { maxLength: 4 }), (pieces, stops) => {
        const matcher = new StopMatcher(stops)
        let got = ''
        let all = ''
        for (const piece of pieces) {
          const { text: released, stopped } = matcher.push(piece)
          if (stopped) return
          got += released
          all += piece
          const held = all.slice(got.length)
          expect(held === '' || stops.some((candidate) => candidate.startsWith(held))).toBe(true)
        }
      }),
    )
  })

  it('finds a stop string that three pieces share', () => {
    expect(run(['one <', '|en', 'd|> two'], ['<|end|>'])).toEqual({ text: 'one ', stopped: true })
  })

  it('lets go of a beginning that turns out to be none', () => {
    const matcher = new StopMatcher(['END'])
    expect(matcher.push('EN')).toEqual({ text: '', stopped: false })
    expect(matcher.push('EMY')).toEqual({ text: 'ENEMY', stopped: false })
    expect(matcher.flush()).toBe('')
  })
})
