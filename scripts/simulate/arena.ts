import type { Selectable } from 'kysely'
import { createMatchmaker } from '../../server/battles/matchmaker.ts'
import { classify, type Classification } from '../../server/classification/classifier.ts'
import type { Schema } from '../../server/database/schema.ts'
import { RatingEngine } from '../../server/ratings/engine.ts'
import { createPairInformation } from '../../server/ratings/pair-information.ts'
import type { NewVote } from '../../server/votes/repository.ts'
import type { Category } from '../../shared/categories.ts'
import { perDimension } from '../../shared/dimensions.ts'
import type { StyleCounts } from '../../shared/ratings/style-features.ts'
import { createChance, cumulate, type Chance } from './chance.ts'
import { judge, makeVoters, type SimulatedAnswer, type SimulatedVoter } from './judging.ts'
import {
  firstPrompts,
  LANGUAGE_SHARES,
  LATER_PROMPT,
  SIMULATED_LANGUAGES,
  simulatedAnswer,
  type SimulatedLanguage,
} from './prompts.ts'
import { makeModels, type SimulatedModel } from './world.ts'

export type SimulationOptions = {
  readonly models: number
  readonly votes: number
  readonly seed: number
  readonly days: number
  /** When the last vote falls, in epoch milliseconds. */
  readonly now: number
}

/** A battle as it is stored, with its turns, answers and vote. */
export type SimulatedBattle = {
  readonly battle: Selectable<Schema['battles']>
  readonly turns: Selectable<Schema['turns']>[]
  readonly answers: Selectable<Schema['answers']>[]
  readonly vote: NewVote
}

const DAY = 86_400_000
/** So many votes a voter gives on average. */
const VOTES_A_VOTER = 20
/** Votes come faster as the arena becomes known: the n-th of N falls at (n/N) to this power. */
const GROWTH = 0.7
/** Gains are computed anew after so many votes, and more seldom as they settle. */
const FIRST_GAINS = 100
const GAINS_EVERY = 1.05
/** How many battles have a second turn, and how many of those a third one. */
const SECOND_TURN = 0.2
const THIRD_TURN = 0.35
const LENGTH_SPREAD = 0.5
const LENGTH_BY_CATEGORY: Readonly<Partial<Record<Category, number>>> = {
  code: 1.4,
  translation: 0.3,
  other: 0.5,
  writing: 1.3,
}

type Question = Classification & { readonly prompt: string; readonly spoken: SimulatedLanguage }

/** Makes up an arena: its models, and its battles in the order of their votes. Equal seeds, equal votes. */
export function simulateArena(options: SimulationOptions): {
  models: SimulatedModel[]
  /** When a model joins, in epoch milliseconds. */
  joinedAt: (model: SimulatedModel) => number
  battles: Generator<SimulatedBattle>
} {
  const chance = createChance(options.seed)
  const models = makeModels(options.models, chance)
  const start = options.now - options.days * DAY
  return {
    models,
    joinedAt: ({ joins }) => Math.round(start + joins * options.days * DAY),
    battles: simulateBattles(options, models, chance),
  }
}

function* simulateBattles(
  { votes, days, now }: SimulationOptions,
  models: readonly SimulatedModel[],
  chance: Chance,
): Generator<SimulatedBattle> {
  const { voters, activity } = makeVoters(Math.ceil(votes / VOTES_A_VOTER), models.length, chance)
  const turnToVote = cumulate(activity)
  const languages = cumulate(Object.values(LANGUAGE_SHARES))
  const questions = classifyQuestions()
  const numbers = new Map(models.map(({ slug }, index) => [slug, index]))
  const given = new Map<string, number>()
  const engine = new RatingEngine(() => 0)
  const information = createPairInformation()
  const matchmaker = createMatchmaker({
    information,
    votesOf: (slug) => given.get(slug) ?? 0,
    random: chance.uniform,
  })
  let nextGains = FIRST_GAINS

  for (let number = 1; number <= votes; number += 1) {
    const passed = (number / votes) ** GROWTH
    const at = Math.round(now - (1 - passed) * days * DAY)
    const present = models.filter(({ joins }) => joins <= passed)
    const pair = matchmaker.pair(present.map(({ slug }) => ({ slug, version: 1, weight: 1 })))
    if (pair === undefined) throw new Error('there are fewer than two models')
    const seats = chance.happens(0.5) ? [pair.first, pair.second] : [pair.second, pair.first]
    const [a = 0, b = 0] = seats.map(({ slug }) => numbers.get(slug))
    const voter = voters[chance.index(turnToVote)]
    const spoken = SIMULATED_LANGUAGES[chance.index(languages)] ?? 'en'
    const asked = questions[spoken]
    const question = asked[Math.floor(chance.uniform() * asked.length)]
    const [modelA, modelB] = [models[a], models[b]]
    if (voter === undefined || question === undefined || !modelA || !modelB) continue
    const turns = chance.happens(SECOND_TURN) ? (chance.happens(THIRD_TURN) ? 3 : 2) : 1
    const answers = [
      answer(modelA, a, voter, question, turns, chance),
      answer(modelB, b, voter, question, turns, chance),
    ] as const
    const simulated = toRows({
      at,
      pairProbability: pair.probability,
      seats: [modelA.slug, modelB.slug],
      voter,
      question,
      turns,
      answers,
      verdicts: judge(...answers, voter, chance),
      chance,
    })
    engine.count({ position: number, ...simulated.vote }, () => undefined)
    for (const { slug } of [modelA, modelB]) given.set(slug, (given.get(slug) ?? 0) + 1)
    if (number >= nextGains) {
      nextGains = Math.ceil(number * GAINS_EVERY)
      const { slugs, gains } = engine.information()
      information.update(slugs, gains)
    }
    yield simulated
  }
}

/** Files every question once, as the arena would file each battle. */
function classifyQuestions(): Record<SimulatedLanguage, Question[]> {
  return Object.fromEntries(
    SIMULATED_LANGUAGES.map((spoken) => [
      spoken,
      firstPrompts(spoken).map((prompt) => ({ prompt, spoken, ...classify(prompt) })),
    ]),
  ) as Record<SimulatedLanguage, Question[]>
}

function answer(
  model: SimulatedModel,
  number: number,
  voter: SimulatedVoter,
  { spoken, category }: Question,
  turns: number,
  chance: Chance,
): SimulatedAnswer {
  const length = model.tokens * (LENGTH_BY_CATEGORY[category] ?? 1) * turns
  const tokens = Math.max(1, Math.round(length * Math.exp(chance.normal(0, LENGTH_SPREAD))))
  const beyond = model.inLanguage[spoken] + model.inCategory[category] + (voter.tastes[number] ?? 0)
  const markdown = (rate: number) => chance.poisson((rate * Math.min(tokens, 2000)) / 400)
  return {
    quality: perDimension((dimension) => model.strength[dimension] + beyond),
    style: {
      tokens,
      headers: markdown(model.headers),
      lists: markdown(model.lists),
      bold: markdown(model.bold),
    },
  }
}

function toRows({
  at,
  pairProbability,
  seats: [slugA, slugB],
  voter,
  question: { prompt, language, category, classifier },
  turns,
  answers: [a, b],
  verdicts,
  chance,
}: {
  at: number
  pairProbability: number
  seats: readonly [string, string]
  voter: SimulatedVoter
  question: Question
  turns: number
  answers: readonly [SimulatedAnswer, SimulatedAnswer]
  verdicts: Pick<NewVote, 'accuracy' | 'helpfulness' | 'language'>
  chance: Chance
}): SimulatedBattle {
  // Half a minute to read each turn.
  const begun = at - 30_000 * turns
  const id = seededId(begun, chance)
  const texts = { a: simulatedAnswer(a.style.tokens), b: simulatedAnswer(b.style.tokens) }
  const numbers = Array.from({ length: turns }, (_, index) => index + 1)
  return {
    battle: {
      id,
      visitor: voter.id,
      client_key: null,
      slug_a: slugA,
      version_a: 1,
      slug_b: slugB,
      version_b: 1,
      pair_probability: pairProbability,
      language,
      category,
      created_at: begun,
      last_turn_at: begun + 30_000 * (turns - 1),
      classifier,
    },
    turns: numbers.map((turn) => ({
      battle_id: id,
      turn,
      prompt: turn === 1 ? prompt : LATER_PROMPT,
      created_at: begun + 30_000 * (turn - 1),
    })),
    answers: numbers.flatMap((turn) =>
      (['a', 'b'] as const).map((side) => ({
        battle_id: id,
        turn,
        side,
        text: texts[side],
        transcript: JSON.stringify({
          frames: [texts[side].length],
          attempts: [{ from: 0, seq: 1, reason: 'stop' }],
        }),
        end_reason: 'stop' as const,
        reasoning: null,
      })),
    ),
    vote: {
      id: seededId(at, chance),
      battle_id: id,
      voter: voter.id,
      judge: 'human',
      accuracy: verdicts.accuracy,
      helpfulness: verdicts.helpfulness,
      language: verdicts.language,
      slug_a: slugA,
      version_a: 1,
      slug_b: slugB,
      version_b: 1,
      pair_probability: pairProbability,
      prompt_language: language,
      category,
      created_at: at,
      turns,
      style: styleOf(a.style, b.style),
    },
  }
}

function styleOf(a: StyleCounts, b: StyleCounts): string {
  return JSON.stringify([
    a.tokens,
    b.tokens,
    a.headers,
    b.headers,
    a.lists,
    b.lists,
    a.bold,
    b.bold,
  ])
}

/** Like the arena's ids, a UUID of version 7; its random part from the seed. */
function seededId(at: number, chance: Chance): string {
  const time = at.toString(16).padStart(12, '0')
  const variant = '89ab'[Math.floor(chance.uniform() * 4)] ?? '8'
  return `${time.slice(0, 8)}-${time.slice(8)}-7${chance.hex(3)}-${variant}${chance.hex(3)}-${chance.hex(12)}`
}
