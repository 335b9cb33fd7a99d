import { failure, type Failure } from '../../shared/errors.ts'
import { checkPrompt } from '../../shared/prompt.ts'
import { err, ok, type Result } from '../../shared/result.ts'
import type { Classification } from '../classification/classifier.ts'
import type { Entrants } from '../models/entrants.ts'
import { newTurn, type LiveBattle } from './live-battle.ts'
import type { Matchmaker } from './matchmaker.ts'
import type { BattleRepository } from './repository.ts'
import { beginTurn } from './state.ts'
import { timeOrderedId } from './time-ordered-id.ts'

type OpeningDeps = {
  readonly repository: Pick<BattleRepository, 'insert' | 'findByClientKey'>
  readonly entrants: Pick<Entrants, 'eligible' | 'readiness'>
  readonly matchmaker: Pick<Matchmaker, 'pair'>
  /** Files a battle by its first prompt. */
  readonly classify: (prompt: string) => Classification
  readonly maxPromptCharacters: number
  readonly now: () => number
  readonly random: () => number
}

/** What a visitor gives to start a battle. */
export type StartRequest = { prompt: string; clientBattleKey?: string | undefined }

/** A battle that has just begun, or the one that this key began before. */
export type Opened = { readonly battle: LiveBattle } | { readonly existing: string }

/** Starts battles: checks the question, draws and seats two models, writes it down. */
export type Opening = ReturnType<typeof createOpening>

export function createOpening(deps: OpeningDeps) {
  // The same key twice at once must not start two battles: the second waits for the first.
  const opening = new Map<string, Promise<unknown>>()

  async function findExisting(
    visitor: string,
    key: string,
    prompt: string,
  ): Promise<Result<Opened, Failure> | undefined> {
    const existing = await deps.repository.findByClientKey(visitor, key)
    if (existing === undefined) return undefined
    if (existing.prompt === prompt) return ok({ existing: existing.id })
    return err(failure('conflict', 'This clientBattleKey was used with another question.'))
  }

  async function create(visitor: string, request: StartRequest): Promise<Result<Opened, Failure>> {
    const drawn = deps.matchmaker.pair(deps.entrants.eligible(request.prompt.length))
    if (drawn === undefined) return err(nobodyReady(deps.entrants, request.prompt.length))
    const swap = deps.random() < 0.5
    const [a, b] = swap ? [drawn.second, drawn.first] : [drawn.first, drawn.second]
    const now = deps.now()
    const { language, category, classifier } = deps.classify(request.prompt)
    const battle: LiveBattle = {
      id: timeOrderedId(now),
      visitor,
      createdAt: now,
      lastTurnAt: now,
      state: beginTurn(1),
      contestants: {
        a: { slug: a.slug, version: a.version },
        b: { slug: b.slug, version: b.version },
      },
      pairProbability: drawn.probability,
      language,
      category,
      turns: [newTurn(request.prompt)],
      vote: undefined,
      failedSlugs: [],
      running: {},
      unsaved: new Map(),
      restored: false,
      recording: undefined,
      touchedAt: now,
    }
    await deps.repository.insert(
      {
        id: battle.id,
        visitor,
        client_key: request.clientBattleKey ?? null,
        slug_a: a.slug,
        version_a: a.version,
        slug_b: b.slug,
        version_b: b.version,
        pair_probability: drawn.probability,
        language,
        category,
        created_at: now,
        last_turn_at: now,
        classifier,
      },
      request.prompt,
    )
    return ok({ battle })
  }

  return {
    async open(visitor: string, request: StartRequest): Promise<Result<Opened, Failure>> {
      const prompt = checkPrompt(request.prompt, deps.maxPromptCharacters)
      if (!prompt.ok) return prompt
      const key = request.clientBattleKey
      if (key === undefined) return create(visitor, request)

      const lock = JSON.stringify([visitor, key])
      const before = opening.get(lock) ?? Promise.resolve()
      const mine = before.then(
        async () =>
          (await findExisting(visitor, key, request.prompt)) ?? (await create(visitor, request)),
      )
      const settled = mine.catch(() => undefined)
      opening.set(lock, settled)
      try {
        return await mine
      } finally {
        if (opening.get(lock) === settled) opening.delete(lock)
      }
    },
  }
}

/** Why no battle can start: nobody there, too few for so long a question, or some still loading. */
export function nobodyReady(
  entrants: Pick<Entrants, 'eligible' | 'readiness'>,
  promptLength: number,
): Failure {
  if (entrants.eligible(promptLength).length < entrants.eligible().length) {
    const message = 'Too few models take a question of this length. Please shorten it.'
    return failure('no_models', message)
  }
  const { state, detail } = entrants.readiness()
  if (state !== 'warming') return failure('no_models')
  return failure('unavailable', `The models are still warming up. ${detail ?? ''}`.trim())
}
