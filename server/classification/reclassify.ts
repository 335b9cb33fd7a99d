import { classify } from './classifier.ts'
import type { ClassificationRepository, FiledBattle } from './repository.ts'

/** Battles that are read, and written in one transaction, at a time. */
const CHUNK = 1000

/** What filing every battle anew has changed, or would change. */
export type Reclassified = {
  battles: number
  /** With another language or category than before, or whose votes had one. */
  filedAnew: number
  /** Filed as before, but by an older classifier. */
  stampedAnew: number
}

/**
 * Files every stored battle by its first prompt with the present classifier.
 *
 * @param write without it, nothing is changed
 */
export async function reclassify(
  repository: Pick<ClassificationRepository, 'readAfter'>,
  write?: ClassificationRepository['file'],
): Promise<Reclassified> {
  const done: Reclassified = { battles: 0, filedAnew: 0, stampedAnew: 0 }
  let last = ''
  for (;;) {
    const chunk = await repository.readAfter(last, CHUNK)
    const anew = chunk.flatMap((battle) => {
      const present = { id: battle.id, ...classify(battle.prompt) }
      if (isElsewhere(battle, present)) done.filedAnew += 1
      else if (battle.classifier !== present.classifier) done.stampedAnew += 1
      else return []
      return [present]
    })
    if (anew.length > 0) await write?.(anew)
    done.battles += chunk.length
    last = chunk.at(-1)?.id ?? last
    if (chunk.length < CHUNK) return done
  }
}

function isElsewhere(
  stored: FiledBattle,
  present: { readonly language: string; readonly category: string },
): boolean {
  return (
    stored.language !== present.language ||
    stored.category !== present.category ||
    stored.strayVotes > 0
  )
}
