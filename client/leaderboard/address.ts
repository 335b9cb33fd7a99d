import {
  EQUAL_WEIGHTS,
  JUDGES,
  METHODS,
  TURNS,
  type Judge,
  type Method,
  type Turns,
} from '../../shared/boards.ts'
import { CATEGORIES, type Category } from '../../shared/categories.ts'
import { BOARD_DIMENSIONS, DIMENSIONS, type BoardDimension } from '../../shared/dimensions.ts'
import type { PerDimension } from '../../shared/dimensions.ts'
import { TIES, type Ties } from '../../shared/ratings/outcomes.ts'

/** The ways to look at the boards. */
export const VIEWS = ['ratings', 'disagree', 'matrix', 'history'] as const
export type View = (typeof VIEWS)[number]

/** Which boards: all of them side by side, or one. */
export const CHOICES = ['overview', ...BOARD_DIMENSIONS] as const
export type Choice = (typeof CHOICES)[number]

/** How far back a history goes. */
export const PERIODS = ['all', '90d', '30d', '7d', '1d'] as const
export type Period = (typeof PERIODS)[number]

/** What the cells of the matrix say. */
export const SHOWS = ['observed', 'expected'] as const
export type Show = (typeof SHOWS)[number]

/** What the spread of three ratings is measured in. */
export const SPREADS = ['places', 'points'] as const
export type SpreadUnit = (typeof SPREADS)[number]

/** All that a reader can choose; it stands in the address, defaults left out. */
export type Address = {
  readonly view: View
  readonly choice: Choice
  readonly language: string | null
  readonly category: Category | null
  readonly judge: Judge
  readonly turns: Turns
  readonly method: Method
  readonly style: boolean
  readonly weights: PerDimension<number>
  /** How ties are scored. The arena publishes `half`; the others are computed here. */
  readonly ties: Ties
  readonly without: readonly string[]
  readonly anchor: { readonly model: string; readonly rating: number } | null
  readonly period: Period
  /** The models of a history; empty: whoever leads. */
  readonly models: readonly string[]
  readonly show: Show
  readonly spread: SpreadUnit
}

/** Weights go from nothing to this, in steps of one. */
export const MAX_WEIGHT = 5
const SLUG = /^[a-z0-9][a-z0-9._-]{0,63}$/

/** Reads what is chosen; what cannot be understood is its default. */
export function readAddress(query: URLSearchParams): Address {
  const one = <T extends string>(name: string, values: readonly [T, ...T[]]): T =>
    values.find((value) => value === query.get(name)) ?? values[0]
  const method = one('method', METHODS)
  const language = query.get('language') ?? ''
  return {
    view: one('view', VIEWS),
    choice: one('board', CHOICES),
    language: /^(?:[a-z]{2}|und)$/.test(language) ? language : null,
    category: CATEGORIES.find((value) => value === query.get('category')) ?? null,
    judge: one('judge', JUDGES),
    turns: TURNS.find((value) => value === query.get('turns')) ?? 'both',
    method,
    style: query.get('style') === '1' && method === 'bradley-terry',
    weights: parseWeights(query.get('weights')),
    ties: one('ties', TIES),
    without: slugs(query.get('without')),
    anchor: parseAnchor(query.get('anchor')),
    period: one('period', PERIODS),
    models: slugs(query.get('models')),
    show: one('show', SHOWS),
    spread: one('spread', SPREADS),
  }
}

/** The query of what is chosen, with this changed. What belongs to no choice (the order) stays. */
export function writeAddress(query: URLSearchParams, change: Partial<Address>): URLSearchParams {
  const next = new URLSearchParams(query)
  const to = { ...readAddress(query), ...change }
  const put = (name: string, value: string, byDefault: string) => {
    if (value === byDefault) next.delete(name)
    else next.set(name, value)
  }
  put('view', to.view, 'ratings')
  put('board', to.choice, 'overview')
  put('language', to.language ?? '', '')
  put('category', to.category ?? '', '')
  put('judge', to.judge, 'human')
  put('turns', to.turns, 'both')
  put('method', to.method, 'bradley-terry')
  put('style', to.style && to.method === 'bradley-terry' ? '1' : '', '')
  put('weights', formatWeights(to.weights), EQUAL_WEIGHTS)
  put('ties', to.ties, 'half')
  put('without', to.without.join(','), '')
  put('anchor', to.anchor === null ? '' : `${to.anchor.model}:${to.anchor.rating}`, '')
  put('period', to.period, 'all')
  put('models', to.models.join(','), '')
  put('show', to.show, 'observed')
  put('spread', to.spread, 'places')
  return next
}

/** What narrows down the votes or changes how they are rated: what the bar of filters holds. */
export const FILTERS = [
  'language',
  'category',
  'judge',
  'turns',
  'method',
  'style',
  'weights',
  'ties',
  'without',
  'anchor',
] as const satisfies readonly (keyof Address)[]

type Filters = Pick<Address, (typeof FILTERS)[number]>

/** All filters as they are by default. */
export function withoutFilters(): Filters {
  const plain = readAddress(new URLSearchParams())
  return Object.fromEntries(FILTERS.map((name) => [name, plain[name]])) as Filters
}

/** How many filters are not as they are by default. */
export function countFilters(address: Address): number {
  const plain = withoutFilters()
  return FILTERS.filter((name) => JSON.stringify(address[name]) !== JSON.stringify(plain[name]))
    .length
}

/** Whether the arena has no such board: it is computed here, from the counts of pairs. */
export function isOwnBoard(address: Address): boolean {
  return address.ties !== 'half' || address.without.length > 0 || address.anchor !== null
}

/** Whether the counts of pairs are enough for this: Elo takes votes in order, style their texts. */
export function isFromCounts(address: Address): boolean {
  return address.method !== 'elo' && !address.style
}

/** A board as one asks for it: its fields and no defaults. */
export type SliceQuery = {
  dimension: BoardDimension
  method?: Method
  language?: string
  category?: Category
  judge?: Judge
  turns?: Turns
  style?: true
  weights?: string
}

/** The board of a dimension under these filters. `overall` has no Davidson: it stays Bradley–Terry. */
export function sliceOf(address: Address, dimension: BoardDimension): SliceQuery {
  const { language, category, judge, turns, method, style, weights } = address
  const isOverall = dimension === 'overall'
  const slice: SliceQuery = { dimension }
  if (method !== 'bradley-terry' && !(isOverall && method === 'davidson')) slice.method = method
  if (language !== null) slice.language = language
  if (category !== null) slice.category = category
  if (judge !== 'human') slice.judge = judge
  if (turns !== 'both') slice.turns = turns
  if (style) slice.style = true
  if (isOverall && formatWeights(weights) !== EQUAL_WEIGHTS) slice.weights = formatWeights(weights)
  return slice
}

/** A slice as the query of an HTTP call. */
export function queryOfSlice(slice: SliceQuery, more: Record<string, string> = {}): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(slice)) query.set(name, String(value))
  for (const [name, value] of Object.entries(more)) query.set(name, value)
  return query.toString()
}

/** `accuracy:2,helpfulness:1,language:1`. */
export function formatWeights(weights: PerDimension<number>): string {
  return DIMENSIONS.map((dimension) => `${dimension}:${weights[dimension]}`).join(',')
}

function parseWeights(text: string | null): PerDimension<number> {
  const given = new Map<string, string>()
  for (const part of (text ?? EQUAL_WEIGHTS).split(',')) {
    const [name = '', value = ''] = part.split(':')
    given.set(name, value)
  }
  const of = (name: string) => {
    const value = Number(given.get(name) ?? 0)
    return value >= 0 && value <= 1e6 ? value : 0
  }
  const weights = {
    accuracy: of('accuracy'),
    helpfulness: of('helpfulness'),
    language: of('language'),
  }
  const total = weights.accuracy + weights.helpfulness + weights.language
  return total > 0 ? weights : { accuracy: 1, helpfulness: 1, language: 1 }
}

function parseAnchor(text: string | null): Address['anchor'] {
  const at = text?.lastIndexOf(':') ?? -1
  if (text === null || at < 1) return null
  const model = text.slice(0, at)
  const rating = Number(text.slice(at + 1))
  const usable = SLUG.test(model) && text.length > at + 1 && Math.abs(rating) <= 100_000
  return usable ? { model, rating } : null
}

function slugs(text: string | null): string[] {
  const all = (text ?? '').split(',').filter((slug) => SLUG.test(slug))
  return [...new Set(all)].slice(0, 200)
}
