import { useEffect, useId, useRef, useState } from 'react'
import type { ImportFormat, ImportResult } from '../../../shared/schemas/admin.ts'
import { Select } from '../../leaderboard/select.tsx'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { announce } from '../../ui/announcer.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useAdmin } from '../session.tsx'
import { useToast } from '../toasts.tsx'
import { FileDrop } from './file-drop.tsx'
import { ImportEntries } from './import-entries.tsx'
import { summaryOf } from './summary.ts'

const { exchange } = moreTexts
/** What one import may hold; the arena refuses more. */
export const MAX_IMPORT_CHARACTERS = 200_000
const FORMATS: readonly ImportFormat[] = ['yaml', 'json', 'fastchat']

type Choice = ImportFormat | 'auto'
type Step = 'idle' | 'checking' | 'registering'

/** Models from a file or from pasted text: checked first, registered then. */
export function ImportPanel() {
  const { api } = useAdmin()
  const toast = useToast()
  const id = useId()
  const [text, setText] = useState('')
  const [source, setSource] = useState<string | null>(null)
  const [choice, setChoice] = useState<Choice>('auto')
  const [step, setStep] = useState<Step>('idle')
  const [fault, setFault] = useState<string | null>(null)
  const [result, setResult] = useState<ImportResult | null>(null)
  /** What the result was found for; another text or format has to be checked again. */
  const checked = useRef<{ text: string; choice: Choice } | null>(null)
  const results = useRef<HTMLHeadingElement>(null)

  const forget = () => {
    setResult(null)
    setFault(null)
  }
  const send = async (of: { text: string; choice: Choice }, dryRun: boolean) => {
    setStep(dryRun ? 'checking' : 'registering')
    const answer = await api.post<ImportResult>('/models/import', {
      text: of.text,
      dryRun,
      ...(of.choice !== 'auto' && { format: of.choice }),
    })
    setStep('idle')
    setFault(answer.ok ? null : answer.error.message)
    setResult(answer.ok ? answer.value : null)
    checked.current = of
    return answer.ok ? answer.value : null
  }
  const check = async (of: { text: string; choice: Choice }) => {
    if (of.text.trim() === '' || step !== 'idle') return
    if (of.text.length > MAX_IMPORT_CHARACTERS) {
      setResult(null)
      setFault(exchange.tooLarge)
      return
    }
    await send(of, true)
  }
  const register = async () => {
    if (checked.current === null || step !== 'idle') return
    const done = await send(checked.current, false)
    if (done === null || done.dryRun) return
    // What was taken over is not needed here any more, and it may hold keys.
    if (done.registered > 0) {
      setText('')
      setSource(null)
      toast(exchange.registered(done.registered))
    }
  }
  const take = (content: string, name: string) => {
    setText(content)
    setSource(name)
    forget()
    void check({ text: content, choice })
  }

  useEffect(() => {
    if (result === null) return
    results.current?.focus({ preventScroll: true })
    results.current?.scrollIntoView({ block: 'nearest' })
    if (!result.dryRun) return
    announce(exchange.found(exchange.formats[result.format].name, result.items.length))
  }, [result])

  const ready = result === null || !result.dryRun ? 0 : summaryOf(result).ready
  return (
    <section className="exchange-part" aria-labelledby={`${id}-import`}>
      <h2 id={`${id}-import`}>{exchange.import}</h2>
      <p className="admin-hint">{exchange.importLead}</p>
      <p className="admin-hint">{exchange.keys}</p>
      <FileDrop
        onFile={take}
        onFault={(message) => {
          forget()
          setFault(message)
        }}
      />
      <label className="import-text">
        <span>
          {exchange.text}
          {source !== null && <em> {exchange.chosen(source)}</em>}
        </span>
        <textarea
          value={text}
          rows={8}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={fault !== null || undefined}
          aria-describedby={`${id}-fault`}
          onChange={({ target }) => {
            setText(target.value)
            setSource(null)
            forget()
          }}
        />
      </label>
      <div className="import-acts">
        <Select
          name={exchange.format}
          value={choice}
          onChange={(value) => {
            setChoice(value as Choice)
            forget()
          }}
        >
          <option value="auto">{exchange.auto}</option>
          {FORMATS.map((format) => (
            <option key={format} value={format}>
              {exchange.formats[format].name}
            </option>
          ))}
        </Select>
        <button
          type="button"
          className="button"
          data-kind={ready > 0 ? undefined : 'primary'}
          disabled={text.trim() === ''}
          aria-disabled={step !== 'idle'}
          onClick={() => void check({ text, choice })}
        >
          {step === 'checking' ? exchange.checking : exchange.check}
        </button>
        {text !== '' && (
          <button
            type="button"
            className="button"
            data-kind="quiet"
            onClick={() => {
              setText('')
              setSource(null)
              forget()
            }}
          >
            {exchange.clear}
          </button>
        )}
      </div>
      <div id={`${id}-fault`} role="alert">
        {fault !== null && (
          <Notice title={exchange.failed}>
            <p className="import-fault" dir="auto">
              {fault}
            </p>
          </Notice>
        )}
      </div>
      {result !== null && (
        <ImportEntries
          result={result}
          heading={results}
          ready={ready}
          busy={step === 'registering'}
          onRegister={() => void register()}
        />
      )}
    </section>
  )
}
