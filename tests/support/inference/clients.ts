import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type OpenAI from 'openai'
import { onTestFinished } from 'vitest'
import type { Question } from './questions.ts'

// Clients as they come: each takes an address or the official client, and a question.

const FINISHED = new Set(['stop', 'length'])

/** Reads a whole streamed answer through the official client. */
export async function readAnswer(client: OpenAI, question: Question): Promise<string> {
  const stream = await client.chat.completions.create({ ...question, stream: true })
  let text = ''
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
  return text
}

/** Leaves after so many chunks, as a closed tab does; resolves with whether it left in the middle. */
export async function abortAnswer(
  client: OpenAI,
  question: Question,
  afterChunks: number,
): Promise<boolean> {
  const stream = await client.chat.completions.create({ ...question, stream: true })
  let chunks = 0
  for await (const { choices } of stream) {
    chunks += 1
    if (FINISHED.has(choices[0]?.finish_reason ?? '')) return false
    if (chunks < afterChunks) continue
    stream.controller.abort()
    return true
  }
  return false
}

/** Sends its body byte by byte and reads the answer. */
export async function sendByteByByte(url: string, question: Question): Promise<string> {
  const sent = open(url)
  for (const byte of Buffer.from(JSON.stringify({ ...question, stream: true }))) {
    sent.write(Buffer.of(byte))
    await nextTurn()
  }
  const response = await answerTo(sent)
  let text = ''
  for await (const piece of response) text += String(piece)
  return contentOf(text)
}

/** Reads its answer a piece every few milliseconds. */
export async function readSlowly(url: string, question: Question): Promise<string> {
  const response = await answerTo(send(url, question))
  let text = ''
  for await (const piece of response) {
    text += String(piece)
    await sleep(3)
  }
  return contentOf(text)
}

/** Sends and never reads, so that it does not even notice when the server has had enough. */
export async function neverRead(url: string, question: Question): Promise<void> {
  const response = await answerTo(send(url, question))
  response.pause()
  response.on('error', () => undefined)
  onTestFinished(() => void response.destroy())
}

/** Goes away in the middle of its own request. */
export async function vanishWhileSending(url: string): Promise<void> {
  const sent = open(url)
  sent.on('error', () => undefined)
  sent.write('{"model"')
  await once(sent, 'socket')
  await nextTurn()
  sent.destroy()
}

/** Sends a whole request and goes away before it is answered. */
export async function vanishWhileWaiting(url: string, question: Question): Promise<void> {
  const sent = send(url, question)
  sent.on('error', () => undefined)
  await once(sent, 'finish')
  sent.destroy()
}

function open(url: string): ClientRequest {
  return request(`${url}/v1/chat/completions`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json' },
  })
}

function send(url: string, question: Question): ClientRequest {
  const sent = open(url)
  sent.end(JSON.stringify({ ...question, stream: true }))
  return sent
}

async function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.setEncoding('utf8')
  if (response.statusCode !== 200) throw new Error(`status ${String(response.statusCode)}`)
  return response
}

function contentOf(events: string): string {
  const chunks = events
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .map((event) => JSON.parse(event.slice('data: '.length)) as OpenAI.ChatCompletionChunk)
  return chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')
}
