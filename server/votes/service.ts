import type { Logger } from 'pino'
import { failure, type Failure } from '../../shared/errors.ts'
import { err, ok, type Result } from '../../shared/result.ts'
import type { Receipt } from '../../shared/schemas/battle.ts'
import type { ModelRef } from '../../shared/schemas/common.ts'
import { sameVerdicts, saysSomething, type Verdicts } from '../../shared/verdicts.ts'
import type { LiveBattle } from '../battles/live-battle.ts'
import { beginVote, voteFailed, voteRecorded, type Recording } from '../battles/state.ts'
import type { BattleStore } from '../battles/store.ts'
import { styleOfBattle } from '../battles/style.ts'
import { timeOrderedId } from '../battles/time-ordered-id.ts'
import type { Projector } from '../ratings/projector.ts'
import type { VoteRepository } from './repository.ts'
import type { VoteLog } from './vote-log.ts'

/** How long a receipt waits for the projector before it goes out without ratings. */
const RATINGS_TIMEOUT_MS = 2000

type VotesDeps = {
  readonly store: Pick<BattleStore, 'own' | 'saveAnswers'>
  readonly voteLog: Pick<VoteLog, 'append'>
  readonly votes: Pick<VoteRepository, 'findVote'>
  readonly projector: Pick<Projector, 'effectOf'>
  readonly refOf: (slug: string) => ModelRef
  readonly log: Logger
  readonly now: () => number
}

/** Takes votes: once per battle and voter, durable before they are answered. */
export type Votes = ReturnType<typeof createVotes>

export function createVotes({ store, voteLog, votes, projector, refOf, log, now }: VotesDeps) {
  async function receipt(battle: LiveBattle): Promise<Result<Receipt, Failure>> {
    const { vote, contestants } = battle
    if (vote === undefined) return err(failure('internal'))
    return ok({
      voteId: vote.id,
      reveal: { a: refOf(contestants.a.slug), b: refOf(contestants.b.slug) },
      ratings: await projector.effectOf(vote.position, RATINGS_TIMEOUT_MS),
    })
  }

  /** Writes the vote; the battle leaves its recording phase in any case. */
  async function record(battle: LiveBattle, recording: Recording): Promise<Failure | undefined> {
    const at = now()
    const id = timeOrderedId(at)
    try {
      // What was judged must be on disk before the judgement is.
      if (!(await store.saveAnswers(battle))) throw new Error('the answers are not written yet')
      const { a, b } = battle.contestants
      const { accuracy, helpfulness, language } = recording.verdicts
      const appended = await voteLog.append({
        id,
        battle_id: battle.id,
        voter: battle.visitor,
        judge: 'human',
        accuracy,
        helpfulness,
        language,
        slug_a: a.slug,
        version_a: a.version,
        slug_b: b.slug,
        version_b: b.version,
        pair_probability: battle.pairProbability,
        prompt_language: battle.language,
        category: battle.category,
        created_at: at,
        turns: battle.turns.length,
        style: styleOfBattle(battle),
      })
      if (appended === 'duplicate') return await adoptStored(battle, recording)
      battle.vote = { id, position: appended.position }
      battle.state = voteRecorded(recording)
      return undefined
    } catch (cause) {
      log.error({ err: cause, battle: battle.id }, 'a vote could not be written')
      battle.state = voteFailed(recording)
      return failure('unavailable', 'The vote could not be written. Please send it again.')
    }
  }

  /** Another process has taken this battle's vote: that one counts. */
  async function adoptStored(battle: LiveBattle, recording: Recording) {
    const stored = await votes.findVote(battle.id, battle.visitor)
    if (stored === undefined) {
      battle.state = voteFailed(recording)
      return failure('unavailable')
    }
    battle.vote = { id: stored.id, position: stored.position }
    battle.state = voteRecorded({ ...recording, verdicts: stored.verdicts })
    return sameVerdicts(stored.verdicts, recording.verdicts) ? undefined : failure('already_voted')
  }

  return {
    /**
     * Takes the vote of the visitor who asked. The same vote again gets the first receipt.
     */
    async vote(
      visitor: string,
      { battleId, verdicts }: { battleId: string; verdicts: Verdicts },
    ): Promise<Result<Receipt, Failure>> {
      const found = await store.own(battleId, visitor)
      if (!found.ok) return found
      const battle = found.value
      if (!saysSomething(verdicts)) {
        const message = 'A vote needs at least one verdict that is not "cannot judge".'
        return err(failure('invalid_input', message, { field: 'verdicts' }))
      }
      // Two votes at once: the second one is answered by what became of the first. When nothing is
      // being recorded there is no pause here: both may have come in one read.
      while (battle.recording !== undefined) await battle.recording
      const { state } = battle
      if (state.phase === 'voted') {
        return sameVerdicts(state.verdicts, verdicts)
          ? receipt(battle)
          : err(failure('already_voted'))
      }
      const recording = beginVote(state, verdicts)
      if (!recording.ok) return recording
      battle.state = recording.value
      const recorded = record(battle, recording.value)
      battle.recording = recorded.then(() => undefined)
      const failed = await recorded
      battle.recording = undefined
      return failed === undefined ? receipt(battle) : err(failed)
    },
  }
}
