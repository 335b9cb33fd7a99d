import type { Generated } from 'kysely'
import type { BoardDimension, Dimension } from '../../shared/dimensions.ts'
import type { EndReason } from '../../shared/schemas/battle.ts'
import type { TokenScope } from '../../shared/schemas/system.ts'
import type { Side, Verdict } from '../../shared/verdicts.ts'

// Times are epoch milliseconds, truth values 0 or 1, structures JSON text: the same on every
// database, since SQLite binds neither dates nor booleans.

type ModelsTable = {
  slug: string
  name: string
  organization: string
  license: string
  description: string | null
  weight: number
  enabled: number
  version: number
  /** The provider's key, sealed; never leaves the server. */
  sealed_key: string | null
  created_at: number
  updated_at: number
  retired_at: number | null
  retired_reason: string | null
  /** JSON of `ModelLimits`. */
  limits: Generated<string>
  /** JSON of `Prices`; null where nobody told. */
  prices: Generated<string | null>
  /** JSON of strings. */
  tags: Generated<string>
  /** JSON of `ModelLink[]`. */
  links: Generated<string>
  /** When an administrator took it out of the draw, and why. */
  paused_at: Generated<number | null>
  paused_reason: Generated<string | null>
}

/** What answers, one row per version: changing any of it makes a new one. */
type ModelVersionsTable = {
  slug: string
  version: number
  /** JSON of a `ProviderDefinition`. */
  provider: string
  system_prompt: string | null
  answer_prefix: string | null
  /** JSON of a `Sampling`. */
  sampling: string
  created_at: number
  /** JSON of `Caps`. */
  caps: Generated<string>
}

type BattlesTable = {
  id: string
  /** Keyed hash of the visitor who asked. */
  visitor: string
  client_key: string | null
  slug_a: string
  version_a: number
  slug_b: string
  version_b: number
  /** With which probability the matchmaker draws this unordered pair. */
  pair_probability: number
  /** Of the first prompt: ISO 639-1, or `und`. */
  language: string
  category: string
  created_at: number
  last_turn_at: number
  /** What found language and category: detector and rules with their versions. */
  classifier: string | null
}

type TurnsTable = {
  battle_id: string
  turn: number
  prompt: string
  created_at: number
}

/** One side's answer to one turn; written when the side has ended, and when it is asked again. */
type AnswersTable = {
  battle_id: string
  turn: number
  side: Side
  /** All attempts' texts in order; `transcript` tells where frames and attempts begin. */
  text: string
  /** JSON: frame lengths and attempt starts, so that a number always stands for the same text. */
  transcript: string
  end_reason: EndReason
  /** What the model thought before and between its words; never shown before the vote. */
  reasoning: Generated<string | null>
}

/** The append-only vote log: the truth under every rating. */
type VotesTable = {
  position: number
  id: string
  battle_id: string
  voter: string
  judge: string
  accuracy: Verdict
  helpfulness: Verdict
  language: Verdict
  slug_a: string
  version_a: number
  slug_b: string
  version_b: number
  pair_probability: number
  prompt_language: string
  category: string
  created_at: number
  /** How many turns the battle had when it was judged. */
  turns: number
  /**
   * How both sides' answers were written: JSON of eight numbers, tokens, headers, list items and
   * bold passages of A and of B in turn; null where that was not counted.
   */
  style: string | null
}

type CommentsTable = { battle_id: string; voter: string; comment: string; updated_at: number }

type ReactionsTable = {
  battle_id: string
  turn: number
  side: Side
  voter: string
  reaction: string | null
  tags: string
  updated_at: number
}

/** How far a projection has read the log. `board_version` only grows and is no part of the fold. */
type ProjectionsTable = {
  name: string
  engine: string
  position: number
  board_version: number
}

/** Projection: where each model stands in each dimension. */
type StandingsTable = {
  dimension: Dimension | 'overall'
  slug: string
  elo: number
  votes: number
  wins: number
  losses: number
  ties: number
  both_bad: number
}

/** Projection: what the vote at each log position did, as its receipt shows it (JSON). */
type VoteEffectsTable = { position: number; effects: string }

/** Projection: where each model stood at the moments of the past, on the boards of people's votes. */
type RatingHistoryTable = {
  /** The last vote of the moment. */
  position: number
  dimension: BoardDimension
  slug: string
  at: number
  rating: number | null
  ci_low: number | null
  ci_high: number | null
  elo: number
  votes: number
}

type TokensTable = {
  id: string
  name: string
  scope: TokenScope
  hash: string
  created_at: number
  revoked_at: number | null
}

type AuditLogTable = {
  id: number
  at: number
  actor: string
  action: string
  subject: string
  /** JSON of what was changed; never a secret. */
  details: Generated<string | null>
}

/** What a model did in one hour of battles; histograms are JSON of counts by bucket. */
type ModelActivityTable = {
  slug: string
  /** Its beginning. */
  hour: number
  answers: number
  failures: number
  input_tokens: number
  output_tokens: number
  /** US dollars. */
  cost: number
  first_token: string
  speed: string
}

/** Answers that could not be had, for administrators. */
type ModelFailuresTable = {
  id: Generated<number>
  at: number
  slug: string
  version: number
  battle_id: string | null
  turn: number | null
  side: Side | null
  kind: string
  status: number | null
  message: string
  duration_ms: number
}

type AlertsTable = {
  id: Generated<number>
  at: number
  kind: string
  slug: string | null
  message: string
  resolved_at: number | null
  acknowledged_at: number | null
  acknowledged_by: string | null
}

/** Signed-in browsers of administrators: by the hash of what their cookie holds. */
type AdminSessionsTable = {
  id_hash: string
  token_id: string
  created_at: number
  expires_at: number
}

/** Every table, as Kysely sees it. */
export type Schema = {
  models: ModelsTable
  model_versions: ModelVersionsTable
  battles: BattlesTable
  turns: TurnsTable
  answers: AnswersTable
  votes: VotesTable
  comments: CommentsTable
  reactions: ReactionsTable
  projections: ProjectionsTable
  standings: StandingsTable
  vote_effects: VoteEffectsTable
  rating_history: RatingHistoryTable
  tokens: TokensTable
  audit_log: AuditLogTable
  model_activity: ModelActivityTable
  model_failures: ModelFailuresTable
  alerts: AlertsTable
  admin_sessions: AdminSessionsTable
}
