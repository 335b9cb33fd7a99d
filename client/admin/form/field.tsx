import type { ReactNode } from 'react'
import { formTexts } from '../../texts/en-admin-form.ts'
import { isNeeded } from './body.ts'
import { FIELDS, type FieldPath } from './fields.ts'
import { useForm } from './form-context.ts'
import { fieldId } from './use-draft.ts'

type Props = {
  path: FieldPath
  /** Below the field: what to fill in. */
  hint?: ReactNode
  placeholder?: string | undefined
  /** Lines of a text of several. */
  rows?: number
  /** Beside a number: its unit. */
  unit?: string
  autoComplete?: string
  secret?: boolean
  mono?: boolean
  /** What happens beside taking the text over. */
  onInput?: (text: string) => void
}

/** A named field with its hint and with what is wrong with it. */
export function Field(props: Props) {
  const { path, hint, placeholder, rows, unit, secret = false, mono = false, onInput } = props
  const { draft, faults, set, keyStored, locked } = useForm()
  const id = fieldId(path)
  const fault = faults.find((each) => each.path === path)
  const required = isNeeded(draft['provider.kind'], path, keyStored)
  const described = [
    ...(hint === undefined ? [] : [`${id}-hint`]),
    ...(fault === undefined ? [] : [`${id}-fault`]),
  ].join(' ')
  const common = {
    id,
    value: draft[path],
    placeholder,
    readOnly: locked !== undefined,
    'aria-required': required || undefined,
    'aria-invalid': fault !== undefined || undefined,
    'aria-describedby': described === '' ? undefined : described,
    className: mono ? 'mono' : undefined,
    onChange: ({ target }: { target: { value: string } }) => {
      set(path, target.value)
      onInput?.(target.value)
    },
  }
  const isNumber = FIELDS[path] === 'number'
  return (
    <div className="form-field" data-path={path} data-number={isNumber || undefined}>
      <label htmlFor={id}>
        {formTexts.fields[path]}
        {required && <span className="form-needed"> {formTexts.needed}</span>}
      </label>
      <div className="form-input">
        {rows === undefined ? (
          <input
            {...common}
            type={secret ? 'password' : 'text'}
            inputMode={isNumber ? 'decimal' : undefined}
            autoComplete={secret ? 'new-password' : 'off'}
            autoCapitalize="off"
            spellCheck={false}
            dir={isNumber || mono ? 'ltr' : 'auto'}
          />
        ) : (
          <textarea {...common} rows={rows} dir={mono ? 'ltr' : 'auto'} />
        )}
        {unit !== undefined && <span className="form-unit">{unit}</span>}
      </div>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="admin-hint">
          {hint}
        </p>
      )}
      <p id={`${id}-fault`} className="admin-fault" role="alert">
        {fault?.message}
      </p>
    </div>
  )
}
