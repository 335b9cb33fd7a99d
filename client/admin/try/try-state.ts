import type { TryEvent } from '../../../shared/schemas/admin.ts'

type EventOf<T extends TryEvent['type']> = Extract<TryEvent, { type: T }>

/** A sample answer as far as it has come. */
export type TryState = {
  readonly phase: 'idle' | 'running' | 'answered' | 'failed' | 'stopped'
  readonly connectedMs: number | null
  /** When the first text or reasoning was seen here; the arena's own figure comes at the end. */
  readonly firstSeenMs: number | null
  readonly reasoning: string
  readonly text: string
  readonly end: Omit<EventOf<'end'>, 'type'> | null
  readonly error: { readonly message: string; readonly hint: string | null } | null
}

export const IDLE: TryState = {
  phase: 'idle',
  connectedMs: null,
  firstSeenMs: null,
  reasoning: '',
  text: '',
  end: null,
  error: null,
}

/** The sample with one more line of the stream. @param afterMs since it was asked for */
export function withEvent(state: TryState, event: TryEvent, afterMs: number): TryState {
  const firstSeenMs = state.firstSeenMs ?? afterMs
  switch (event.type) {
    case 'connected':
      return { ...state, connectedMs: event.afterMs }
    case 'reasoning':
      return { ...state, firstSeenMs, reasoning: state.reasoning + event.text }
    case 'text':
      return { ...state, firstSeenMs, text: state.text + event.text }
    case 'end': {
      const { type: _, ...end } = event
      return { ...state, phase: 'answered', end }
    }
    case 'error':
      return { ...state, phase: 'failed', error: { message: event.message, hint: event.hint } }
    default:
      // A later arena may tell more than this page understands.
      return state
  }
}

/** The sample after its stream is over; one that ended without an end has failed. */
export function withEnd(state: TryState, stopped: boolean, message: string): TryState {
  if (state.phase !== 'running') return state
  return stopped
    ? { ...state, phase: 'stopped' }
    : { ...state, phase: 'failed', error: { message, hint: null } }
}
