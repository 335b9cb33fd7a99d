import { useRef, useState, type FormEvent } from 'react'
import type { CreatedToken } from '../../../shared/schemas/admin.ts'
import type { TokenScope } from '../../../shared/schemas/system.ts'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { useAdmin } from '../session.tsx'

const { tokens } = moreTexts
/** From the most to the least that one can do with them. */
const SCOPES: readonly TokenScope[] = ['admin', 'operator', 'read', 'judge']
const MAX_NAME_CHARACTERS = 80

/** Makes a token: for whom, and what it may do. */
export function NewToken({ onCreated }: { onCreated: (token: CreatedToken) => void }) {
  const { api } = useAdmin()
  const [name, setName] = useState('')
  const [scope, setScope] = useState<TokenScope>('operator')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (name.trim() === '') {
      setFault(tokens.nameMissing)
      field.current?.focus()
      return
    }
    setBusy(true)
    const answer = await api.post<CreatedToken>('/tokens', { name: name.trim(), scope })
    setBusy(false)
    setFault(answer.ok ? null : answer.error.message)
    if (!answer.ok) return
    setName('')
    onCreated(answer.value)
  }

  return (
    <section className="new-token" aria-labelledby="new-token">
      <h2 id="new-token">{tokens.create}</h2>
      <form onSubmit={(event) => void submit(event)}>
        <label className="new-token-name">
          <span>{tokens.name}</span>
          <input
            ref={field}
            type="text"
            value={name}
            maxLength={MAX_NAME_CHARACTERS}
            autoComplete="off"
            aria-invalid={fault !== null || undefined}
            aria-describedby="new-token-hint new-token-fault"
            onChange={({ target }) => {
              setName(target.value)
              setFault(null)
            }}
          />
        </label>
        <p id="new-token-hint" className="admin-hint">
          {tokens.nameHint}
        </p>
        <p id="new-token-fault" className="admin-fault" role="alert">
          {fault}
        </p>
        <fieldset className="token-scopes">
          <legend>{tokens.scope}</legend>
          {SCOPES.map((each) => (
            <label key={each}>
              <input
                type="radio"
                name="scope"
                value={each}
                checked={scope === each}
                onChange={() => setScope(each)}
              />
              <strong>{each}</strong>
              <span>{tokens.scopes[each]}</span>
            </label>
          ))}
        </fieldset>
        <button type="submit" className="button" data-kind="primary" aria-disabled={busy}>
          {busy ? tokens.creating : tokens.createButton}
        </button>
      </form>
    </section>
  )
}
