import type { Dialect } from '../../../shared/schemas/model.ts'
import { formTexts } from '../../texts/en-admin-form.ts'
import { applies } from './body.ts'
import { Field } from './field.tsx'
import { useForm } from './form-context.ts'
import { fieldId } from './use-draft.ts'

const { hints } = formTexts

/** All dialects with their names; a missing one does not compile. */
const DIALECT_NAMES: Readonly<Record<Dialect, string>> = {
  generic: 'Generic',
  openai: 'OpenAI',
  azure: 'Azure',
  openrouter: 'OpenRouter',
  mistral: 'Mistral',
  groq: 'Groq',
  deepseek: 'DeepSeek',
  together: 'Together',
  vllm: 'vLLM',
  llamacpp: 'llama.cpp',
  ollama: 'Ollama',
  lmstudio: 'LM Studio',
}

const USUAL_ADDRESSES: Readonly<Record<string, string>> = {
  anthropic: 'https://api.anthropic.com',
  google: 'https://generativelanguage.googleapis.com/v1beta',
}

type Props = {
  modelPlaceholder?: string | undefined
  /** What else follows from the id of the model. */
  onModel?: (text: string) => void
}

/** Where a model answers, and how one gets in. */
export function ProviderFields({ modelPlaceholder, onModel }: Props) {
  const { draft, keyStored } = useForm()
  const kind = draft['provider.kind']
  const usual = USUAL_ADDRESSES[kind]
  return (
    <>
      {applies(kind, 'provider.baseUrl') && (
        <Field
          path="provider.baseUrl"
          mono
          hint={
            usual !== undefined
              ? hints.companyUrl(usual)
              : /\b[A-Z]{4,}\b/.test(draft['provider.baseUrl'])
                ? `${hints.capitals} ${hints.ownHost}`
                : hints.baseUrl
          }
        />
      )}
      <Field
        path="provider.model"
        mono
        placeholder={modelPlaceholder}
        {...(onModel === undefined ? {} : { onInput: onModel })}
      />
      {applies(kind, 'provider.apiKey') && (
        <Field
          path="provider.apiKey"
          secret
          mono
          hint={
            keyStored
              ? hints.keyStored
              : kind === 'openai-compatible'
                ? `${hints.key} ${hints.keyOptional}`
                : hints.key
          }
        />
      )}
      {applies(kind, 'provider.dialect') && <DialectField />}
      {applies(kind, 'provider.apiVersion') && draft['provider.dialect'] === 'azure' && (
        <Field path="provider.apiVersion" mono hint={hints.apiVersion} />
      )}
      {applies(kind, 'provider.extra') && (
        <Field path="provider.extra" rows={3} mono hint={hints.extra} />
      )}
    </>
  )
}

function DialectField() {
  const { draft, set, faults, locked } = useForm()
  const id = fieldId('provider.dialect')
  const fault = faults.find(({ path }) => path === 'provider.dialect')
  return (
    <div className="form-field">
      <label htmlFor={id}>{formTexts.fields['provider.dialect']}</label>
      <select
        id={id}
        value={draft['provider.dialect']}
        disabled={locked !== undefined}
        aria-describedby={`${id}-hint ${id}-fault`}
        aria-invalid={fault !== undefined || undefined}
        onChange={({ target }) => set('provider.dialect', target.value)}
      >
        <option value="">{formTexts.guessed}</option>
        {Object.entries(DIALECT_NAMES).map(([dialect, name]) => (
          <option key={dialect} value={dialect}>
            {name}
          </option>
        ))}
      </select>
      <p id={`${id}-hint`} className="admin-hint">
        {hints.dialect}
      </p>
      <p id={`${id}-fault`} className="admin-fault" role="alert">
        {fault?.message}
      </p>
    </div>
  )
}
