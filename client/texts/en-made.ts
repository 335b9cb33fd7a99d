import type { Method } from '../../shared/boards.ts'
import { count, formatCoefficient, formatFineShare, formatShare, formatWhole } from './format.ts'

type Coefficient = { coefficient: number; ciLow: number; ciHigh: number }
const withInterval = ({ coefficient, ciLow, ciHigh }: Coefficient) =>
  `${formatCoefficient(coefficient)} (${formatCoefficient(ciLow)} to ${formatCoefficient(ciHigh)})`

/** "How these numbers are made": what is said of one board, for a person. */
export const madeTexts = {
  inShort: 'In short',
  short: {
    'bradley-terry':
      'Every model gets one number, its strength. The difference between two strengths says how often one wins against the other: 100 points more mean 64 % of the wins, 200 points 76 %, 400 points 91 %. The strengths shown are those that make all the votes together most likely. No vote weighs more because it came early or late.',
    davidson:
      'As Bradley–Terry, but a tie is an outcome of its own with its own probability instead of half a win for each. Strengths lie further apart, since ties no longer pull them together; how readily people tie is fitted as well.',
    elo: 'The classic rating: everybody starts at 1,000, and after each vote the winner takes points from the loser, at most 4, more for a surprise. It depends on the order of the votes and has no interval; the arena does not rank by it.',
  } satisfies Record<Method, string>,
  shortOverall:
    'Nobody is ever asked for an overall winner: this board is derived. One strength per model is fitted to all three questions at once, each question weighing what you see under the filters (equally, unless you chose otherwise), however often it was skipped.',
  formula: 'The formula',
  formulas: {
    'bradley-terry':
      '\\max_\\theta \\sum_{i<j} S_{ij}\\ln p_{ij} + S_{ji}\\ln p_{ji},\\quad p_{ij}=\\frac{1}{1+e^{\\theta_j-\\theta_i}}',
    davidson: 'P(i):P(j):P(\\text{tie}) = e^{d/2} : e^{-d/2} : \\nu,\\quad d=\\theta_i-\\theta_j',
    elo: 'r \\leftarrow r + K\\,(y-p),\\quad K = 4',
  } satisfies Record<Method, string>,
  overallFormula:
    '\\min_\\theta \\sum_d w_d\\,\\frac{-\\ln L_d(\\theta)}{N_d},\\quad \\sum_d w_d = 1',
  formulaWords: {
    'bradley-terry':
      'S is wins plus half the ties of the one against the other. Points are 1,000 + θ · 400 / ln 10, so that the mean is 1,000.',
    davidson: 'Fitted to all four outcomes; ν says how readily people tie.',
    elo: 'y is 1, ½ or 0; p the share of wins that the ratings before the vote predict.',
  } satisfies Record<Method, string>,
  overallWords:
    'L is the likelihood of the verdicts on one question, N their number. Points are 1,000 + θ · 400 / ln 10.',
  nu: (nu: number) =>
    `ν = ${nu.toFixed(3)}: two equal models tie in ${formatShare(nu / (2 + nu))} of their verdicts.`,

  counted: 'What was counted',
  decisive: 'One better than the other',
  ties: 'Tie',
  bothBad: 'Both bad',
  skipped: 'Can’t say',
  voters: 'Voters',
  tiesOf: {
    half: 'A tie and “both bad” count half a win for each, as on LMArena’s boards. “Can’t say” counts for nobody.',
    'no-both-bad':
      'A tie counts half a win for each; “both bad” is left out. “Can’t say” counts for nobody.',
    drop: 'Ties and “both bad” are left out. “Can’t say” counts for nobody.',
  },

  weights: (weights: string) =>
    `Weights of the three questions: ${weights.replaceAll(':', ' ').replaceAll(',', ', ')}.`,

  intervals: 'The intervals',
  intervalsOf: {
    clustered: (voters: number) =>
      `95 % intervals, clustered by voter: the votes of one person are not independent, so they are taken together (${count(voters, 'voter', 'voters')}). If the arena were run again with other people of the same kind, about 95 of 100 such intervals would hold the rating that endlessly many votes would give. Where a few people gave most of the votes the bounds are widened for it.`,
    posterior:
      'A board of few votes is drawn towards the board of all votes of the same question, as if that were known up to 60 points. The bars are 95 % intervals of that estimate; until its standard error falls below 30 points a rating is provisional.',
    information:
      '95 % intervals from the curvature of the likelihood, as if every verdict were independent of every other. The votes of one person are not, so read these as somewhat too narrow.',
    none: 'This board has no intervals.',
    independent:
      'One person gave all these votes. How others would differ cannot be told from them, so these 95 % intervals take every verdict as independent of every other: read them as too narrow.',
    here: 'Computed in this browser from the counts of pairs: 95 % intervals as if every verdict were independent of every other. The arena’s own intervals are clustered by voter and somewhat wider.',
  },
  intervalsVersion: (version: number) =>
    `They are of version ${version} and follow the ratings within two seconds.`,
  ranks:
    'A range of ranks such as 2–5 holds every place that the differences between all pairs of models leave open, all taken together, with 95 % confidence. Two bars that overlap do not make two models equal, and two that touch do not make them different: the range of ranks takes account of that.',
  notCovered:
    'No interval covers voters who are unlike you, questions unlike yours, or a model that changes behind its name.',

  position: 'Left or right',
  positionWords: (gamma: Coefficient) => {
    const zero = gamma.ciLow <= 0 && gamma.ciHigh >= 0
    return `Standing on the left is worth ${withInterval(gamma)} logits: ${
      zero ? 'nothing that could be told from zero' : 'more than chance explains'
    }. Sides are drawn evenly, so that it favours no model.`
  },

  style: 'Style',
  styleLead:
    'What one standard deviation more of each feature is worth, in logits, everything else equal. These effects are taken out of the ratings on this board.',
  styleFeatures: {
    tokens: 'Length',
    headers: 'Headers',
    lists: 'List items',
    bold: 'Bold passages',
  } as Readonly<Record<string, string>>,
  coefficient: withInterval,
  styleFeature: 'Feature',
  styleEffect: 'Effect, 95 % interval',

  leader: 'How firm is the first place?',
  leaderWords: (leader: string, challenger: string, gap: number, votes: number, share: number) =>
    `${leader} is first. Without the ${count(votes, 'verdict', 'verdicts')} that speak for it most (${formatFineShare(
      share,
    )} of all), ${challenger} would be, now ${count(Math.round(gap), 'point', 'points')} behind.`,
  leaderFirm: 'Found step by step: a cleverer choice might need somewhat fewer.',
  leaderThin:
    'Read that lead as thin. (Found step by step: a cleverer choice might need fewer still.)',

  unbounded: 'Models without a number',
  unboundedWords:
    'A model that never lost (or never won) has no finite strength, and one that never met the others cannot be compared with them. They stand at the end and say so; nothing is invented to hide it.',

  check: 'Check it yourself',
  checkWords:
    'The votes are open some time after they were given. From the file this computes the board of all that are out:',
  command: (origin: string, options: string) =>
    `curl -o votes.jsonl '${origin}/api/v1/exports/votes?format=jsonl'\nnpm run --silent ratings -- votes.jsonl ${options}`,
  engine: (engine: string, version: number) =>
    `Computed by engine ${engine}, board version ${formatWhole(version)}.`,
  more: 'Every formula, with its source and its limits',
} as const
