import { useState, type SubmitEvent } from 'react'
import { useNavigate } from 'react-router'
import type { AdminModel } from '../../../shared/schemas/model.ts'
import { formTexts } from '../../texts/en-admin-form.ts'
import { AdminPage } from '../admin-page.tsx'
import { registrationOf, tryOf } from '../form/body.ts'
import { emptyDraft } from '../form/draft.ts'
import { FaultSummary } from '../form/fault-summary.tsx'
import { AnswerFields, IdentityFields, LimitFields } from '../form/field-groups.tsx'
import { Field } from '../form/field.tsx'
import { FormProvider } from '../form/form-context.ts'
import { choosePreset, presetOf, suggestName, suggestSlug, type PresetId } from '../form/presets.ts'
import { ProviderFields } from '../form/provider-fields.tsx'
import { FormSection } from '../form/form-section.tsx'
import { useDraft } from '../form/use-draft.ts'
import { useAdmin } from '../session.tsx'
import { useToast } from '../toasts.tsx'
import { TryPanel } from '../try/try-panel.tsx'
import { useTry } from '../try/use-try.ts'
import { useLeaveGuard } from '../use-leave-guard.ts'
import { PresetChoice } from './preset-choice.tsx'
import './wizard.css'

const { wizard, sections, hints } = formTexts

const FIRST: PresetId = 'openai'
const firstDraft = () => ({ ...emptyDraft(), ...choosePreset(emptyDraft(), 'other', FIRST) })

/** Adds a model: where it answers, who it is, how it answers; and lets it show that it does. */
export function WizardPage() {
  const { api } = useAdmin()
  const toast = useToast()
  const navigate = useNavigate()
  const form = useDraft(firstDraft)
  const { draft, faults, set, setMany, refuse, refuseBy } = form
  const [preset, setPreset] = useState<PresetId>(FIRST)
  const [saving, setSaving] = useState(false)
  const attempt = useTry()
  const [initial] = useState(firstDraft)
  const dirty =
    !saving && Object.entries(draft).some(([path, text]) => isTyped(path, text, initial))
  useLeaveGuard(dirty, wizard.leave)

  const tryKey = JSON.stringify(tryOf(draft, ''))
  const answered = attempt.state.phase === 'answered' && attempt.tried === tryKey

  const onModel = (text: string) => {
    // What was suggested goes along with the id; what was typed by hand stays.
    const before = draft['provider.model']
    if (draft.slug === suggestSlug(before)) set('slug', suggestSlug(text))
    if (draft.name === suggestName(before)) set('name', suggestName(text))
  }
  const onTry = async (prompt: string) => {
    const built = tryOf(draft, prompt)
    if (!built.ok) return refuse(built.faults)
    const refused = await attempt.run(built.value, tryKey)
    if (refused !== null) refuseBy(refused)
  }
  const onSave = async (event: SubmitEvent) => {
    event.preventDefault()
    if (saving) return
    const built = registrationOf(draft)
    if (!built.ok) return refuse(built.faults)
    setSaving(true)
    const answer = await api.post<AdminModel>('/models', built.value)
    if (!answer.ok) {
      setSaving(false)
      return refuseBy(answer.error)
    }
    toast(wizard.saved(answer.value.name))
    void navigate(`/admin/models/${encodeURIComponent(answer.value.slug)}`)
  }

  return (
    <AdminPage title={wizard.title} lead={wizard.lead}>
      <FormProvider value={{ draft, faults, set, setMany, keyStored: false, locked: undefined }}>
        <form className="wizard" noValidate onSubmit={(event) => void onSave(event)}>
          <nav aria-label={wizard.steps} className="wizard-steps">
            <ol>
              {STEPS.map(([id, name]) => (
                <li key={id}>
                  <a href={`#${id}`}>{name}</a>
                </li>
              ))}
            </ol>
          </nav>
          <div className="wizard-fields">
            <FormSection id="where" number={1} title={sections.provider}>
              <PresetChoice
                chosen={preset}
                onChoose={(next) => {
                  setMany(choosePreset(draft, preset, next))
                  setPreset(next)
                }}
              />
              <ProviderFields modelPlaceholder={presetOf(preset).model} onModel={onModel} />
            </FormSection>
            <FormSection id="who" number={2} title={sections.identity}>
              <IdentityFields slug={<Field path="slug" mono hint={hints.slug} />} />
            </FormSection>
            <FormSection id="how" number={3} title={sections.answers}>
              <AnswerFields />
            </FormSection>
            <FormSection id="limits" number={4} title={sections.limits}>
              <LimitFields />
            </FormSection>
          </div>
          <div className="wizard-end">
            <FormSection id="test" number={5} title={wizard.test}>
              <TryPanel
                state={attempt.state}
                outdated={attempt.tried !== null && attempt.tried !== tryKey}
                onRun={(prompt) => void onTry(prompt)}
                onStop={attempt.stop}
              />
            </FormSection>
            <FormSection id="save" number={6} title={wizard.save}>
              <label className="form-check">
                <input
                  type="checkbox"
                  checked={draft.enabled === 'true'}
                  onChange={({ target }) => set('enabled', String(target.checked))}
                />
                {wizard.takesPart}
              </label>
              <p className="admin-hint">{answered ? wizard.tried : wizard.anyway}</p>
              <FaultSummary faults={faults} />
              <button
                type="submit"
                className="button"
                data-kind={answered ? 'primary' : undefined}
                data-testid="register"
                aria-disabled={saving}
              >
                {saving ? wizard.saving : answered ? wizard.register : wizard.registerAnyway}
              </button>
            </FormSection>
          </div>
        </form>
      </FormProvider>
    </AdminPage>
  )
}

const STEPS = [
  ['where', sections.provider],
  ['who', sections.identity],
  ['how', sections.answers],
  ['limits', sections.limits],
  ['test', wizard.test],
  ['save', wizard.save],
] as const

/** Whether somebody has typed this: what a choice of provider fills in is soon chosen again. */
function isTyped(path: string, text: string, initial: Readonly<Record<string, string>>): boolean {
  const chosen = ['provider.kind', 'provider.dialect', 'provider.baseUrl', 'organization']
  return !chosen.includes(path) && text !== initial[path]
}
