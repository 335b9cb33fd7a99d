import { isDeepStrictEqual } from 'node:util'
import type { Receipt } from '../../../shared/schemas/battle.ts'
import type { ExportedVote } from '../../../shared/schemas/export.ts'
import { FASTCHAT_LABELS, type Verdicts } from '../../../shared/verdicts.ts'

/**
 * What voters did and were told, to be held against what is stored: Jepsen's method. A vote was
 * sent; it may have been acknowledged, refused, or neither, and then nobody knows.
 */
export class History {
  readonly sent = new Map<string, Verdicts>()
  readonly acknowledged = new Map<string, Receipt>()
  readonly refused = new Set<string>()
  readonly faults: string[] = []
  /** Every sending of a vote, repetitions included. */
  sendings = 0
  #fresh: string[] = []
  readonly #onSent: ((sendings: number) => void)[] = []

  /** A vote is about to be sent. */
  sends(battleId: string, verdicts: Verdicts): void {
    this.sent.set(battleId, verdicts)
    this.sendings += 1
    for (const told of this.#onSent) told(this.sendings)
  }

  /** A receipt came; every later one for the same vote must be the same. */
  acknowledges(battleId: string, receipt: Receipt): void {
    const first = this.acknowledged.get(battleId)
    if (first === undefined) {
      this.acknowledged.set(battleId, receipt)
      this.#fresh.push(battleId)
      return
    }
    // The contract lets ratings be null while the projector is late, and only then.
    if (first.ratings === null) this.acknowledged.set(battleId, receipt)
    const comparable = first.ratings === null ? { ...first, ratings: receipt.ratings } : first
    const now = receipt.ratings === null ? { ...receipt, ratings: first.ratings } : receipt
    if (!isDeepStrictEqual(now, comparable)) {
      this.faults.push(
        `${battleId}: first ${JSON.stringify(first)}, now ${JSON.stringify(receipt)}`,
      )
    }
  }

  /** The arena said for good that it does not take this vote. */
  refuses(battleId: string): void {
    this.refused.add(battleId)
  }

  /** The votes acknowledged since the last call. */
  takeFresh(): string[] {
    const fresh = this.#fresh
    this.#fresh = []
    return fresh
  }

  /** Resolves within the sending of the nth vote from now on, before its frame can have left. */
  async nextSendings(count: number): Promise<void> {
    const target = this.sendings + count
    await new Promise<void>((resolve) => {
      const told = (sendings: number) => {
        if (sendings < target) return
        this.#onSent.splice(this.#onSent.indexOf(told), 1)
        resolve()
      }
      this.#onSent.push(told)
    })
  }

  /** Holds the log against what was said; every difference in words. */
  differencesFrom(log: readonly ExportedVote[]): string[] {
    const differences = [...this.faults]
    const stored = new Map<string, ExportedVote>()
    const ids = new Set<string>()
    for (const vote of log) {
      if (stored.has(vote.battle_id)) differences.push(`${vote.battle_id} is stored twice`)
      if (ids.has(vote.id)) differences.push(`the id ${vote.id} is stored twice`)
      stored.set(vote.battle_id, vote)
      ids.add(vote.id)
      const verdicts = this.sent.get(vote.battle_id)
      if (verdicts === undefined) differences.push(`${vote.battle_id} was never sent`)
      else if (!saysTheSame(vote, verdicts)) differences.push(`${vote.battle_id} says otherwise`)
      if (this.refused.has(vote.battle_id)) differences.push(`${vote.battle_id} was refused`)
    }
    for (const [battleId, receipt] of this.acknowledged) {
      const vote = stored.get(battleId)
      if (vote === undefined) differences.push(`${battleId} was acknowledged and is lost`)
      else if (vote.id !== receipt.voteId) differences.push(`${battleId} has another id`)
    }
    return differences
  }
}

function saysTheSame(vote: ExportedVote, verdicts: Verdicts): boolean {
  return (
    vote.winner_accuracy === FASTCHAT_LABELS[verdicts.accuracy] &&
    vote.winner_helpfulness === FASTCHAT_LABELS[verdicts.helpfulness] &&
    vote.winner_language === FASTCHAT_LABELS[verdicts.language]
  )
}
