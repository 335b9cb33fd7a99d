import type { ReceiptRatings } from '../../../shared/schemas/battle.ts'
import type { ExportedVote } from '../../../shared/schemas/export.ts'

// Online Elo once more, from its definition and the exported file alone: nothing of the arena's
// own arithmetic is used, so that a mistake there cannot hide here. K = 4, start 1000, 400 points
// per tenfold odds; a tie and "both bad" are half a win; what is not judged counts for nothing.

const SCORES: Readonly<Record<string, number>> = {
  model_a: 1,
  model_b: 0,
  tie: 0.5,
  'tie (bothbad)': 0.5,
}
const NAMES = ['accuracy', 'helpfulness', 'language'] as const

export type Line = {
  elo: number
  votes: number
  wins: number
  losses: number
  ties: number
  bothBad: number
}

/** What the log says by itself. */
export type Replay = {
  readonly boards: Readonly<Record<(typeof NAMES)[number], ReadonlyMap<string, Line>>>
  /** What each vote did, by its id. */
  readonly effects: ReadonlyMap<string, ReceiptRatings>
}

/** Replays an exported log. */
export function replay(log: readonly ExportedVote[]): Replay {
  const boards = { accuracy: new Map(), helpfulness: new Map(), language: new Map() } as Record<
    (typeof NAMES)[number],
    Map<string, Line>
  >
  const effects = new Map<string, ReceiptRatings>()
  for (const vote of log) {
    const both = NAMES.map((name) => play(boards[name], vote, vote[`winner_${name}`]))
    const [accuracy, helpfulness, language] = both
    if (!accuracy || !helpfulness || !language) throw new Error('three questions are asked')
    effects.set(vote.id, {
      a: { accuracy: accuracy.a, helpfulness: helpfulness.a, language: language.a },
      b: { accuracy: accuracy.b, helpfulness: helpfulness.b, language: language.b },
    })
  }
  return { boards, effects }
}

function play(board: Map<string, Line>, { model_a, model_b }: ExportedVote, label: string) {
  const a = board.get(model_a) ?? newcomer()
  const b = board.get(model_b) ?? newcomer()
  const expected = 1 / (1 + 10 ** ((b.elo - a.elo) / 400))
  const before = {
    a: a.elo,
    b: b.elo,
    rankA: rank(board, model_a, a, b),
    rankB: rank(board, model_b, b, a),
  }
  const score = SCORES[label]
  if (score !== undefined) {
    board.set(model_a, a).set(model_b, b)
    const change = 4 * (score - expected)
    a.elo += change
    b.elo -= change
    a.votes += 1
    b.votes += 1
    if (label === 'model_a') {
      a.wins += 1
      b.losses += 1
    } else if (label === 'model_b') {
      a.losses += 1
      b.wins += 1
    } else if (label === 'tie') {
      a.ties += 1
      b.ties += 1
    } else {
      a.bothBad += 1
      b.bothBad += 1
    }
  }
  const after = { rankA: rank(board, model_a, a, b), rankB: rank(board, model_b, b, a) }
  return {
    a: {
      before: before.a,
      after: a.elo,
      rankBefore: before.rankA,
      rankAfter: after.rankA,
      expected,
    },
    b: {
      before: before.b,
      after: b.elo,
      rankBefore: before.rankB,
      rankAfter: after.rankB,
      expected: 1 - expected,
    },
  }
}

/** One more than those who are better, the opponent included even before its first vote. */
function rank(board: ReadonlyMap<string, Line>, slug: string, own: Line, opponent: Line): number {
  const others = new Set([...board].filter(([name]) => name !== slug).map(([, line]) => line))
  others.add(opponent)
  return 1 + [...others].filter(({ elo }) => elo > own.elo).length
}

function newcomer(): Line {
  return { elo: 1000, votes: 0, wins: 0, losses: 0, ties: 0, bothBad: 0 }
}
