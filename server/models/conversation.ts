import type { Message } from '../providers/provider.ts'
import type { Exchange } from './entrants.ts'

/** A conversation as chat APIs take it. An exchange that was never answered has no answer there. */
export function toMessages(
  systemPrompt: string | null,
  conversation: readonly Exchange[],
): Message[] {
  const system: Message[] = systemPrompt === null ? [] : [{ role: 'system', content: systemPrompt }]
  return [
    ...system,
    ...conversation.flatMap(({ prompt, answer }): Message[] => [
      { role: 'user', content: prompt },
      ...(answer === undefined || answer === ''
        ? []
        : [{ role: 'assistant' as const, content: answer }]),
    ]),
  ]
}
