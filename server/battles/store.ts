import type { Logger } from 'pino'
import { failure, type Failure } from '../../shared/errors.ts'
import { err, ok, type Result } from '../../shared/result.ts'
import { ageBattle, restoreBattle, type LiveBattle } from './live-battle.ts'
import type { BattleRepository } from './repository.ts'

/** A battle that nobody touches for this long leaves memory; the database has it. */
const IDLE_MS = 10 * 60 * 1000

type StoreDeps = {
  readonly repository: Pick<BattleRepository, 'load' | 'saveAnswer' | 'visitorOf'>
  readonly log: Logger
  readonly now: () => number
}

/** The battles in memory, in front of the database. */
export type BattleStore = ReturnType<typeof createBattleStore>

export function createBattleStore({ repository, log, now }: StoreDeps) {
  const live = new Map<string, LiveBattle>()
  // Two acts at once on a battle that is not in memory must not make two of it.
  const loading = new Map<string, Promise<LiveBattle | undefined>>()

  async function load(id: string): Promise<LiveBattle | undefined> {
    const stored = await repository.load(id)
    if (stored === undefined) return undefined
    const battle = restoreBattle(stored, now())
    live.set(id, battle)
    return battle
  }

  function loadOnce(id: string): Promise<LiveBattle | undefined> {
    const pending = loading.get(id) ?? load(id).finally(() => loading.delete(id))
    loading.set(id, pending)
    return pending
  }

  return {
    add(battle: LiveBattle): void {
      live.set(battle.id, battle)
    },

    /** The battle in memory, if it is there. */
    peek: (id: string): LiveBattle | undefined => live.get(id),

    /** A battle of this visitor's, from memory or the database. */
    async own(id: string, visitor: string): Promise<Result<LiveBattle, Failure>> {
      // Asked first: ids are public, and a stranger must not fill the memory with battles.
      const owner = live.get(id)?.visitor ?? (await repository.visitorOf(id))
      if (owner !== undefined && owner !== visitor) {
        return err(failure('forbidden', 'Only the visitor who started this battle may do that.'))
      }
      const battle = live.get(id) ?? (owner === undefined ? undefined : await loadOnce(id))
      if (battle === undefined) return err(failure('battle_not_found'))
      battle.touchedAt = now()
      ageBattle(battle, now())
      return ok(battle)
    },

    /** Any battle, to be read alone: one that is not in memory does not come to stay. */
    async look(id: string): Promise<LiveBattle | undefined> {
      const held = live.get(id)
      if (held !== undefined) {
        ageBattle(held, now())
        return held
      }
      const stored = await repository.load(id)
      return stored === undefined ? undefined : restoreBattle(stored, now())
    },

    /**
     * Writes ended answers down.
     *
     * @returns whether everything is written now
     */
    async saveAnswers(battle: LiveBattle): Promise<boolean> {
      for (const [key, entry] of battle.unsaved) {
        try {
          await repository.saveAnswer(battle.id, entry.turn, entry.side, entry.answer)
        } catch (cause) {
          log.error({ err: cause, battle: battle.id }, 'an answer could not be written down')
          return false
        }
        // A retry may have ended meanwhile and left a newer one under the same key.
        if (battle.unsaved.get(key) === entry) battle.unsaved.delete(key)
      }
      return battle.unsaved.size === 0
    },

    /** Every battle with a running answer. */
    *running(): Iterable<LiveBattle> {
      for (const battle of live.values()) {
        if (battle.state.phase === 'streaming') yield battle
      }
    },

    /** Every battle in memory. */
    all: (): Iterable<LiveBattle> => live.values(),

    /** Lets go of idle battles; readers' places in them are numbers, and stay. */
    evict(): void {
      for (const [id, battle] of live) {
        const busy =
          battle.state.phase === 'streaming' ||
          battle.recording !== undefined ||
          battle.unsaved.size > 0
        if (!busy && now() - battle.touchedAt > IDLE_MS) live.delete(id)
      }
    },
  }
}
