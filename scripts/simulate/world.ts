import { CATEGORIES, type Category } from '../../shared/categories.ts'
import { DIMENSIONS, perDimension, type PerDimension } from '../../shared/dimensions.ts'
import { ELO_PER_LOGIT } from '../../shared/ratings/numbers.ts'
import type { Chance } from './chance.ts'
import { SIMULATED_LANGUAGES, type SimulatedLanguage } from './prompts.ts'

/** A model that does not exist, and how good it is. Strengths are natural-log odds. */
export type SimulatedModel = {
  readonly slug: string
  readonly name: string
  readonly organization: string
  readonly license: string
  /** Which share of the simulated time has passed when it joins. */
  readonly joins: number
  readonly strength: PerDimension<number>
  readonly inLanguage: Readonly<Record<SimulatedLanguage, number>>
  readonly inCategory: Readonly<Record<Category, number>>
  /** How it writes: its answers' usual length in tokens, and markdown for each 400 of them. */
  readonly tokens: number
  readonly headers: number
  readonly lists: number
  readonly bold: number
}

/** Fictional makers; each gives its models to the world under one licence. */
const MAKERS = [
  { organization: 'Fable Forge', family: 'Fable', license: 'Apache-2.0' },
  { organization: 'Paper Moon Institute', family: 'Paper Moon', license: 'Proprietary' },
  { organization: 'Tin Robot Works', family: 'Tin Robot', license: 'MIT' },
  { organization: 'Glass Harbour', family: 'Glass Harbour', license: 'Proprietary' },
  { organization: 'Cloud Sheep Collective', family: 'Cloud Sheep', license: 'CC-BY-4.0' },
  { organization: 'Ministry of Make-Believe', family: 'Pretend', license: 'Proprietary' },
  { organization: 'Teapot Orbit', family: 'Teapot', license: 'Apache-2.0' },
  { organization: 'Unicorn Polytechnic', family: 'Unicorn', license: 'MIT' },
] as const
const SIZES = ['Mini', 'Small', 'Base', 'Large', 'Max'] as const

const elo = (points: number) => points / ELO_PER_LOGIT
/** How models differ: all in all, between the dimensions, and from prompt to prompt. */
const SPREAD = elo(105)
const SPREAD_OF_DIMENSIONS = elo(25)
/** Every fourth model is much better or worse in one dimension than in the others. */
const ODD_ONE_EVERY = 4
const ODD_ONE = elo(110)
const SPREAD_OF_LANGUAGES = elo(35)
const SPREAD_OF_CATEGORIES = elo(40)
/** The share of models that join while votes are being given already. */
const LATE = 0.25

/** Makes up so many models. */
export function makeModels(count: number, chance: Chance): SimulatedModel[] {
  return Array.from({ length: count }, (_, index) => {
    const maker = MAKERS[index % MAKERS.length] ?? MAKERS[0]
    const round = Math.floor(index / MAKERS.length)
    const generation = Math.floor(round / SIZES.length) + 1
    const size = SIZES[round % SIZES.length] ?? SIZES[0]
    const name = `${maker.family} ${generation} ${size}`
    // Larger ones are better, more or less.
    const base = chance.normal(elo(30) * (round - 1.5), SPREAD)
    const odd = index % ODD_ONE_EVERY === 1 ? DIMENSIONS[index % DIMENSIONS.length] : undefined
    const by = chance.happens(0.5) ? ODD_ONE : -ODD_ONE
    const markdown = Math.max(0, chance.normal(1, 0.7))
    return {
      slug: name.toLowerCase().replaceAll(' ', '-'),
      name,
      organization: maker.organization,
      license: maker.license,
      joins: chance.happens(LATE) ? 0.2 + 0.65 * chance.uniform() : 0,
      strength: perDimension(
        (dimension) => base + chance.normal(0, SPREAD_OF_DIMENSIONS) + (dimension === odd ? by : 0),
      ),
      inLanguage: record(SIMULATED_LANGUAGES, () => chance.normal(0, SPREAD_OF_LANGUAGES)),
      inCategory: record(CATEGORIES, () => chance.normal(0, SPREAD_OF_CATEGORIES)),
      tokens: 180 * Math.exp(chance.normal(0, 0.35)),
      headers: 0.5 * markdown,
      lists: 3 * markdown,
      bold: 2.5 * markdown,
    }
  })
}

function record<Key extends string>(keys: readonly Key[], make: () => number): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, make()])) as Record<Key, number>
}
