import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  MAX_REASONING_CHARACTERS,
  Transcript,
  type Cursor,
  type StoredTranscript,
} from '../../../../server/battles/transcript.ts'

type Step =
  | { do: 'push'; text: string }
  | { do: 'cut' }
  | { do: 'finish'; reason: 'stop' | 'error' | 'stopped' }
  | { do: 'restart' }
  | { do: 'lost'; by: number }
  | { do: 'store' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('push' as const), text: fc.string({ minLength: 1 }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('finish' as const),
      reason: fc.constantFrom('stop' as const, 'error' as const, 'stopped' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('lost' as const), by: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('store' as const) }) },
)

function apply(transcript: Transcript, action: Step): Transcript {
  switch (action.do) {
    case 'push':
      if (transcript.end === undefined) transcript.push(action.text)
      return transcript
    case 'cut':
      transcript.cut()
      return transcript
    case 'finish':
      transcript.finish(action.reason)
      return transcript
    case 'restart':
      transcript.restart()
      return transcript
    case 'lost':
      transcript.markLost(transcript.seq + action.by)
      return transcript
    case 'store': {
      if (transcript.end === undefined) return transcript
      const { text, transcript: stored } = transcript.toStored()
      const roundTrip = JSON.parse(JSON.stringify(stored)) as StoredTranscript
      return Transcript.restore(text, roundTrip)
    }
  }
}

/** Reads everything from a cursor on, as a client would put it together. */
function readAll(transcript: Transcript, cursor: Cursor) {
  const frames: { seq: number; text: string; restart: boolean }[] = []
  const ends: { seq: number; reason: string }[] = []
  for (;;) {
    const item = transcript.next(cursor)
    if (item === undefined) return { frames, ends }
    if ('end' in item) ends.push({ ...item.end })
    else
      frames.push({
        seq: item.frame.seq,
        text: item.frame.text,
        restart: item.frame.restart ?? false,
      })
  }
}

test('a number always stands for the same text, whatever happens later', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let transcript = new Transcript()
      const seen = new Map<number, string>()
      for (const action of steps) {
        transcript = apply(transcript, action)
        for (const { seq, text } of readAll(transcript, { seq: 0, ends: 0 }).frames) {
          expect(seen.get(seq) ?? text).toBe(text)
          seen.set(seq, text)
        }
      }
    }),
  )
})

test('numbers have no gaps, and every attempt but the first begins with a restart', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const transcript = steps.reduce(apply, new Transcript())
      const { frames } = readAll(transcript, { seq: 0, ends: 0 })
      expect(frames.map(({ seq }) => seq)).toEqual(frames.map((_, index) => index + 1))
      let answer = ''
      for (const frame of frames) answer = frame.restart ? frame.text : answer + frame.text
      expect(answer).toBe(transcript.answer)
    }),
  )
})

test('a reader who resumes anywhere puts together what one who stayed has', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(), (steps, at) => {
      const transcript = steps.reduce(apply, new Transcript())
      const all = readAll(transcript, { seq: 0, ends: 0 })
      const from = at % (transcript.seq + 1)
      const rest = readAll(transcript, transcript.cursorAt(from))
      expect(rest.frames).toEqual(all.frames.slice(from))
      // The present end comes again; ends that a retry has superseded come only with their frames.
      expect(rest.ends.at(-1)).toEqual(transcript.end ?? rest.ends.at(-1))
      for (const end of rest.ends) expect(end.seq).toBeGreaterThanOrEqual(from)
    }),
  )
})

test('what waits becomes the last frame before the end', () => {
  const transcript = new Transcript()
  transcript.push('half a ')
  transcript.cut()
  transcript.push('sentence')
  transcript.finish('stop')
  expect(transcript.end).toEqual({ seq: 2, reason: 'stop' })
  expect(transcript.answer).toBe('half a sentence')
})

test('an answer without text ends at number 0, and its retry begins with a restart at 1', () => {
  const transcript = new Transcript()
  transcript.finish('error')
  expect(transcript.end).toEqual({ seq: 0, reason: 'error' })
  transcript.restart()
  transcript.push('now')
  transcript.cut()
  expect(readAll(transcript, { seq: 0, ends: 1 }).frames).toEqual([
    { seq: 1, text: 'now', restart: true },
  ])
})

test('numbers that were lost with a process are never given another text', () => {
  const transcript = new Transcript()
  transcript.finish('error')
  transcript.markLost(7)
  expect(transcript.end).toEqual({ seq: 7, reason: 'error' })
  transcript.restart()
  transcript.push('again')
  transcript.finish('stop')
  expect(readAll(transcript, transcript.cursorAt(7))).toEqual({
    frames: [{ seq: 8, text: 'again', restart: true }],
    ends: [{ seq: 8, reason: 'stop' }],
  })
})

test('what a model thinks is in no frame and no answer, and lives through being stored', () => {
  const transcript = new Transcript()
  transcript.think('Let me see. ')
  transcript.think('It is 4.')
  expect(transcript.cut()).toBe(false)
  expect(transcript.next({ seq: 0, ends: 0 })).toBeUndefined()
  transcript.push('Four.')
  transcript.cut()
  transcript.finish('stop')
  expect(transcript.answer).toBe('Four.')
  const { text, transcript: stored, reasoning } = transcript.toStored()
  expect(JSON.stringify([text, stored])).not.toContain('Let me see')
  expect(reasoning).toBe('Let me see. It is 4.')
  expect(Transcript.restore(text, stored, reasoning).reasoning).toBe(reasoning)
})

test('after a retry only what the last attempt thought is known', () => {
  const transcript = new Transcript()
  transcript.think('First thoughts.')
  transcript.restart()
  expect(transcript.reasoning).toBe('First thoughts.')
  transcript.finish('error')
  transcript.restart()
  expect(transcript.reasoning).toBeNull()
  transcript.think('Second thoughts.')
  expect(transcript.toStored().reasoning).toBe('Second thoughts.')
})

test('endless thoughts lose their end, between two characters', () => {
  const transcript = new Transcript()
  transcript.think('x'.repeat(MAX_REASONING_CHARACTERS - 1))
  transcript.think('🎲🎲')
  transcript.think('🎲'.repeat(MAX_REASONING_CHARACTERS))
  expect(transcript.reasoning).toHaveLength(MAX_REASONING_CHARACTERS - 1)
  transcript.think('yz')
  transcript.think('z')
  expect(transcript.reasoning?.endsWith('xy')).toBe(true)
  expect(transcript.reasoning).toHaveLength(MAX_REASONING_CHARACTERS)
})
