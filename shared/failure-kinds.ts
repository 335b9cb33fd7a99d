/** Why an answer could not be had from a provider; for operators and the breaker. */
export const PROVIDER_FAILURE_KINDS = [
  'address-refused',
  'connect',
  'http-status',
  'overloaded',
  'timeout',
  'protocol',
  'interrupted',
  'empty',
  'unsupported',
  'not-running',
  /** A limit that an administrator set for the model is reached; nothing was sent. */
  'limit',
] as const
export type ProviderFailureKind = (typeof PROVIDER_FAILURE_KINDS)[number]

/** The kinds under which failures are recorded. `internal`: the arena's own fault. */
export const FAILURE_KINDS = [...PROVIDER_FAILURE_KINDS, 'internal'] as const
export type FailureKind = (typeof FAILURE_KINDS)[number]
