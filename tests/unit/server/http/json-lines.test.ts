import { EventEmitter, once } from 'node:events'
import { createServer, get, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Express, type Response } from 'express'
import { afterEach, expect, test } from 'vitest'
import { sendJsonLines } from '../../../../server/http/json-lines.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** Answers every call by `answer`. @returns the address */
async function listen(answer: (response: Response) => Promise<void>): Promise<string> {
  const app: Express = express()
  app.get('/', async (_request, response) => answer(response))
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

test('sends each line as it comes', async () => {
  const url = await listen((response) =>
    sendJsonLines(response, async function* () {
      yield { one: 1 }
      await Promise.resolve()
      yield 'two'
    }),
  )
  const answer = await fetch(url)
  expect(answer.headers.get('content-type')).toBe('application/jsonl; charset=utf-8')
  expect(await answer.text()).toBe('{"one":1}\n"two"\n')
})

test('tells whoever makes the lines that the reader has gone', async () => {
  const told = new EventEmitter()
  const stopped = once(told, 'stopped')
  const url = await listen((response) =>
    sendJsonLines(response, async function* (signal) {
      yield 1
      if (!signal.aborted) await once(signal, 'abort')
      told.emit('stopped', signal.reason)
    }),
  )
  const request = get(url, (response) => void response.once('data', () => request.destroy()))
  request.on('error', () => undefined)
  expect(await stopped).toEqual([new Error('the reader has gone')])
})

test('begins nothing for a reader who went while the call was being checked', async () => {
  const told = new EventEmitter()
  const arrived = once(told, 'arrived')
  const done = once(told, 'done')
  const url = await listen(async (response) => {
    told.emit('arrived')
    await once(response, 'close')
    let begun = false
    await sendJsonLines(response, async function* () {
      begun = true
      yield await Promise.resolve(1)
    })
    told.emit('done', begun)
  })
  const request = get(url)
  request.on('error', () => undefined)
  await arrived
  request.destroy()
  expect(await done).toEqual([false])
})
