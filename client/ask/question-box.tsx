import type { FormEvent, KeyboardEvent, Ref } from 'react'
import { DEFAULT_MAX_PROMPT_CHARACTERS } from '../../shared/protocol.ts'
import { texts } from '../texts/en.ts'
import './question-box.css'

type Props = {
  value: string
  onChange: (value: string) => void
  onSubmit: () => void
  busy: boolean
  /** Typing is fine, asking has to wait. */
  blocked?: boolean
  label: string
  placeholder: string
  action: string
  testId: string
  /** Test id of the button. */
  actionTestId?: string
  autoFocus?: boolean
  large?: boolean
  ref?: Ref<HTMLTextAreaElement>
  describedBy?: string
}

/** From here on the count of characters is shown. */
const COUNT_FROM = 0.8 * DEFAULT_MAX_PROMPT_CHARACTERS

/** Where a question is typed. It grows with its text; Enter asks, Shift + Enter breaks the line. */
export function QuestionBox({ ref, ...props }: Props) {
  const { value, onSubmit, busy } = props
  const unready = busy || props.blocked === true || value.trim() === ''
  const submit = (event: FormEvent<HTMLElement>) => {
    event.preventDefault()
    if (unready) event.currentTarget.closest('form')?.querySelector('textarea')?.focus()
    else onSubmit()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // Enter that only closes an input method's list of words is no Enter.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    // A phone's keyboard has no Shift + Enter: there the button asks.
    if (matchMedia('(pointer: coarse)').matches) return
    submit(event)
  }
  return (
    <form className="question-box" data-large={props.large === true || undefined} onSubmit={submit}>
      <label data-value={value}>
        <span className="visually-hidden">{props.label}</span>
        <textarea
          ref={ref}
          data-testid={props.testId}
          dir="auto"
          rows={props.large === true ? 2 : 1}
          value={value}
          placeholder={props.placeholder}
          // The question box is what the page is for, as the brief of the page says.
          autoFocus={props.autoFocus}
          aria-describedby={props.describedBy}
          onChange={(event) => props.onChange(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </label>
      <div className="question-box-actions">
        {value.length > COUNT_FROM && (
          <span
            className="question-box-count figures"
            data-over={value.length > DEFAULT_MAX_PROMPT_CHARACTERS || undefined}
          >
            {texts.ask.characters(value.length, DEFAULT_MAX_PROMPT_CHARACTERS)}
          </span>
        )}
        <button
          type="submit"
          className="button"
          data-kind={props.large === true ? 'primary' : undefined}
          data-testid={props.actionTestId}
          // On the empty page the button invites; elsewhere it waits for a text.
          aria-disabled={props.large === true ? busy : unready}
        >
          {busy ? texts.ask.asking : props.action}
        </button>
      </div>
    </form>
  )
}
