import type { WireError } from './errors.ts'

/** What every client-to-server event is acknowledged with. */
export type Ack<T> = ({ ok: true } & T) | { ok: false; error: WireError }

/** The callback of an event whose positive answer carries `T`. */
export type AckCallback<T> = (ack: Ack<T>) => void
