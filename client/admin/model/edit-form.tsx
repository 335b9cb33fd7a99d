import { useState, type SubmitEvent } from 'react'
import type { AdminModel } from '../../../shared/schemas/model.ts'
import { formTexts } from '../../texts/en-admin-form.ts'
import { changeOf, changedPaths, tryOf } from '../form/body.ts'
import { draftOf } from '../form/draft.ts'
import type { FieldPath } from '../form/fields.ts'
import { FaultSummary } from '../form/fault-summary.tsx'
import { AnswerFields, IdentityFields, LimitFields } from '../form/field-groups.tsx'
import { FormProvider } from '../form/form-context.ts'
import { FormSection } from '../form/form-section.tsx'
import { ProviderFields } from '../form/provider-fields.tsx'
import { useDraft } from '../form/use-draft.ts'
import { useAdmin } from '../session.tsx'
import { useToast } from '../toasts.tsx'
import { TryPanel } from '../try/try-panel.tsx'
import { useTry } from '../try/use-try.ts'
import { useLeaveGuard } from '../use-leave-guard.ts'
import { ChangeNote } from './change-note.tsx'

const { edit, sections, wizard, fields } = formTexts

type Props = { model: AdminModel; onChanged: (model: AdminModel) => void }

/** Everything that can be changed of a model. Only what is changed is sent. */
export function EditForm({ model, onChanged }: Props) {
  const { api, whyNot } = useAdmin()
  const toast = useToast()
  // What the changes are changes of: not of what somebody else has made of the model meanwhile.
  const [base, setBase] = useState(model)
  const { draft, faults, set, setMany, reset, refuse, refuseBy } = useDraft(() => draftOf(model))
  const [saving, setSaving] = useState(false)
  const attempt = useTry()
  const paths = changedPaths(base, draft)
  const dirty = paths.length > 0
  useLeaveGuard(dirty, wizard.leave)

  if (!dirty && model.updatedAt !== base.updatedAt) {
    setBase(model)
    reset(draftOf(model))
  }

  const takeOver = (next: AdminModel) => {
    setBase(next)
    reset(draftOf(next))
    onChanged(next)
  }
  const path = `/models/${encodeURIComponent(base.slug)}`
  const undo = async (from: AdminModel, to: AdminModel, paths: readonly FieldPath[]) => {
    // Only what was saved here goes back: what others have changed meanwhile stays.
    const old = draftOf(to)
    const own = Object.fromEntries(paths.map((path) => [path, old[path]]))
    const back = changeOf(from, { ...draftOf(from), ...own })
    if (!back.ok) return
    const answer = await api.patch<AdminModel>(path, back.value.body)
    if (answer.ok) takeOver(answer.value)
    else toast(answer.error.message)
  }
  const onSave = async (event: SubmitEvent) => {
    event.preventDefault()
    if (saving || !dirty) return
    const built = changeOf(base, draft)
    if (!built.ok) return refuse(built.faults)
    setSaving(true)
    const answer = await api.patch<AdminModel>(path, built.value.body)
    setSaving(false)
    if (!answer.ok) return refuseBy(answer.error)
    const next = answer.value
    takeOver(next)
    // Another version cannot be unmade, and a key that was replaced is gone.
    const undoable = next.version === base.version && !built.value.paths.includes('provider.apiKey')
    toast(
      next.version === base.version ? edit.saved : edit.savedVersion(next.version),
      undoable ? () => void undo(next, base, built.value.paths) : undefined,
    )
  }
  const tryKey = JSON.stringify(tryOf(draft, '', base))
  const onTry = async (prompt: string) => {
    const built = tryOf(draft, prompt, base)
    if (!built.ok) return refuse(built.faults)
    const refused = await attempt.run(built.value, tryKey)
    if (refused !== null) refuseBy(refused)
  }

  const forbidden = whyNot('admin')
  const locked = model.retired === null ? forbidden : edit.retired
  const moved = paths.includes('provider.baseUrl')
  return (
    <FormProvider
      value={{
        draft,
        faults,
        set,
        setMany,
        keyStored: base.provider.hasApiKey && !moved,
        locked,
      }}
    >
      <form className="model-edit" noValidate onSubmit={(event) => void onSave(event)}>
        {locked !== undefined && <p className="admin-hint">{edit.readOnly(locked)}</p>}
        <FormSection id="who" title={sections.identity}>
          <IdentityFields />
        </FormSection>
        <FormSection id="limits" title={sections.limits}>
          <LimitFields />
        </FormSection>
        <FormSection id="where" title={sections.provider}>
          <ProviderFields />
        </FormSection>
        <FormSection id="how" title={sections.answers}>
          <AnswerFields />
        </FormSection>
        {locked === undefined && (
          <>
            <FormSection id="test" title={wizard.test}>
              <TryPanel
                state={attempt.state}
                outdated={attempt.tried !== null && attempt.tried !== tryKey}
                onRun={(prompt) => void onTry(prompt)}
                onStop={attempt.stop}
              />
            </FormSection>
            <div className="model-save" data-dirty={dirty || undefined}>
              <FaultSummary faults={faults} />
              <ChangeNote
                base={base}
                draft={draft}
                names={paths.map((each) => fields[each])}
                others={model.updatedAt !== base.updatedAt}
              />
              <div className="admin-actions">
                <button
                  type="submit"
                  className="button"
                  data-kind="primary"
                  data-testid="save"
                  disabled={!dirty}
                  aria-disabled={saving}
                >
                  {saving ? edit.saving : edit.save}
                </button>
                {dirty && (
                  <button
                    type="button"
                    className="button"
                    onClick={() => {
                      setBase(model)
                      reset(draftOf(model))
                    }}
                  >
                    {edit.discard}
                  </button>
                )}
              </div>
            </div>
          </>
        )}
      </form>
    </FormProvider>
  )
}
