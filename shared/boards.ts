/** The rating methods that boards offer, the first one by default. */
export const METHODS = ['bradley-terry', 'davidson', 'elo'] as const
export type Method = (typeof METHODS)[number]

/** The kinds of voters that have boards of their own. */
export const JUDGES = ['human', 'expert', 'model'] as const
export type Judge = (typeof JUDGES)[number]

/** Battles of one question, of several, or both. */
export const TURNS = ['single', 'multi', 'both'] as const
export type Turns = (typeof TURNS)[number]

export const BOARD_FORMATS = ['json', 'csv'] as const
export type BoardFormat = (typeof BOARD_FORMATS)[number]

/** The weights under which `overall` is derived when the reader names none. */
export const EQUAL_WEIGHTS = 'accuracy:1,helpfulness:1,language:1'

/** Whether a model has a rating on a board, and if not why no finite one exists. */
export const ROW_STATUSES = ['rated', 'unbounded-above', 'unbounded-below', 'disconnected'] as const
export type RowStatus = (typeof ROW_STATUSES)[number]

/**
 * What the intervals of a board are: clustered by voter; of votes taken as independent, where one
 * voter gave them all; posterior (a slice that leans on the board of all votes); from the information
 * of independent votes (Davidson); or none.
 */
export const INTERVAL_KINDS = [
  'clustered',
  'independent',
  'posterior',
  'information',
  'none',
] as const
export type IntervalKind = (typeof INTERVAL_KINDS)[number]
