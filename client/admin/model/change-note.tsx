import type { AdminModel } from '../../../shared/schemas/model.ts'
import { formTexts } from '../../texts/en-admin-form.ts'
import { changeOf, changedPaths } from '../form/body.ts'
import type { Draft } from '../form/draft.ts'
import { makesVersion } from '../form/fields.ts'

const { edit } = formTexts

type Props = {
  base: AdminModel
  draft: Draft
  /** What is changed, by its names. */
  names: readonly string[]
  /** Whether somebody else has changed the model since. */
  others: boolean
}

/** What saving would do, before it does. */
export function ChangeNote({ base, draft, names, others }: Props) {
  if (names.length === 0) return <p className="admin-hint">{edit.none}</p>
  const built = changeOf(base, draft)
  const newVersion = changedPaths(base, draft).some(makesVersion)
  return (
    <div data-testid="change-note" data-new-version={newVersion || undefined}>
      <p>{edit.changed(names)}</p>
      <p>{newVersion ? <strong>{edit.newVersion(base.version + 1)}</strong> : edit.sameVersion}</p>
      {built.ok && built.value.dropsKey && <p>{edit.dropsKey}</p>}
      {others && <p>{edit.others}</p>}
    </div>
  )
}
