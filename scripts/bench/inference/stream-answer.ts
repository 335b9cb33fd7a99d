import { request } from 'node:http'
import type { ChatMessage } from '../../../inference/text/chat-template.ts'

/** One streamed answer. */
export type Streamed = {
  /** When its pieces of text came, in milliseconds since the question was sent. */
  readonly times: readonly number[]
  readonly text: string
}

/** What is asked for. */
export type Question = {
  readonly url: string
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly tokens: number
}

const PIECE = '"delta":{"content":'

/** Asks the server for one greedy answer, as a client with no library would. */
export function streamAnswer({ url, model, messages, tokens }: Question): Promise<Streamed> {
  const body = JSON.stringify({
    model,
    messages,
    stream: true,
    max_tokens: tokens,
    temperature: 0,
    continue_final_message: messages.at(-1)?.role === 'assistant',
  })
  return new Promise((resolve, reject) => {
    const sent = performance.now()
    const times: number[] = []
    const pieces: string[] = []
    const call = request(
      `${url}/v1/chat/completions`,
      { method: 'POST', headers: { 'content-type': 'application/json' } },
      (response) => {
        let rest = ''
        response.setEncoding('utf8')
        response.on('error', reject)
        response.on('data', (part: string) => {
          const now = performance.now() - sent
          const events = (rest + part).split('\n\n')
          rest = events.pop() ?? ''
          for (const event of events) {
            if (!event.includes(PIECE)) continue
            times.push(now)
            pieces.push(event)
          }
        })
        response.on('end', () => {
          const text = pieces.map(contentOf).join('')
          if (response.statusCode === 200 && times.length > 0) resolve({ times, text })
          else reject(new Error(`the server answered ${response.statusCode}: ${rest}`))
        })
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}

function contentOf(event: string): string {
  const { choices } = JSON.parse(event.slice('data: '.length)) as {
    choices: { delta: { content: string } }[]
  }
  return choices[0]?.delta.content ?? ''
}
