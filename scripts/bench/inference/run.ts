/**
 * What every engine under the bench is asked: to answer some prompts at once, greedily, with so many
 * tokens each. It says when each token was there, in milliseconds since it was asked.
 */
export type Run = { readonly times: readonly (readonly number[])[] }

/** The one model of the bench, and where its folder is. */
export type Place = { readonly directory: string; readonly model: string }

const first = (times: readonly number[]) => times[0] ?? Number.NaN
const last = (times: readonly number[]) => times.at(-1) ?? Number.NaN

/** From the question to the first token of a lone answer: the prompt is read, one token is drawn. */
export function firstTokenMs({ times: [only = []] }: Run): number {
  return first(only)
}

/** Each further token of a lone answer. */
export function tokenMs({ times: [only = []] }: Run): number {
  return (last(only) - first(only)) / (only.length - 1)
}

/** Tokens a second of all answers together, while every one of them is being written. */
export function tokensPerSecond({ times }: Run): number {
  const from = Math.max(...times.map(first))
  const to = Math.min(...times.map(last))
  const within = times.flat().filter((at) => at > from && at <= to)
  return (1000 * within.length) / (to - from)
}

/** From the question to the last token of the last answer. */
export function wholeMs({ times }: Run): number {
  return Math.max(...times.map(last))
}
