import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hubModel } from '../../../../../scripts/models/hub/hub-client.ts'
import { type HubWish, fromHub } from '../../../../../scripts/models/sources/from-hub.ts'
import { TINY, temporaryDirectory } from '../../../../support/inference/models.ts'
import {
  COMMIT,
  type HubFault,
  type TestHub,
  startHub,
} from '../../../../support/models-command/hub.ts'
import { tinyFiles } from '../../../../support/models-command/tiny-files.ts'

const GRAPH = 'onnx/model_q4.onnx'
const DATA = `${GRAPH}_data`
const MODEL = { owner: 'maker', name: 'tiny', revision: 'main' }

interface Asking {
  readonly wish?: HubWish
  readonly token?: string
  readonly directory?: string
  readonly signal?: AbortSignal
}

async function take(hub: TestHub | string, asking: Asking = {}) {
  const directory = asking.directory ?? (await temporaryDirectory())
  const target = join(directory, 'target')
  await mkdir(target)
  const progress = { done: 0, expected: 0 }
  const said: string[] = []
  const taking = fromHub(MODEL, asking.wish ?? {}, directory, target, {
    endpoint: typeof hub === 'string' ? hub : hub.endpoint,
    token: asking.token,
    signal: asking.signal ?? new AbortController().signal,
    progress: {
      expect: (bytes) => {
        expect(progress.done).toBe(progress.expected)
        progress.expected = bytes
        progress.done = 0
      },
      advance: (bytes) => (progress.done += bytes),
      end: () => {},
    },
    say: (line) => said.push(line),
    wait: () => Promise.resolve(),
  })
  await taking.catch(async (error: unknown) => {
    await rm(target, { recursive: true })
    throw error
  })
  expect(progress.done).toBe(progress.expected)
  const found = await readdir(target, { recursive: true, withFileTypes: true })
  const files = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(target.length + 1))
    .sort()
  return { directory, target, files, said }
}

const hubWith = async (faults: Record<string, HubFault> = {}, more: Record<string, Buffer> = {}) =>
  startHub(
    {
      ...(await tinyFiles()),
      'model.safetensors': Buffer.from('weights'),
      'onnx/model_int8.onnx': Buffer.from('eight bits'),
      ...more,
    },
    faults,
  )

describe('a name on the hub', () => {
  it.each([
    ['a/b', { owner: 'a', name: 'b', revision: 'main' }],
    [
      'onnx-community/Qwen2.5-0.5B@v1/x',
      { owner: 'onnx-community', name: 'Qwen2.5-0.5B', revision: 'v1/x' },
    ],
    ['a', null],
    ['../b', null],
    ['a/..', null],
    ['a/b/c', null],
    ['a/b@', null],
    ['https://x/a/b', null],
  ])('%s', (source, model) => {
    expect(hubModel(source)).toEqual(model)
  })
})

describe('a model of the hub', () => {
  it('comes with what its graph needs and nothing else', async () => {
    const hub = await hubWith()
    const { directory, files, target, said } = await take(hub, { token: 'hf_secret' })
    expect(files).toEqual([
      'LICENSE',
      'config.json',
      'generation_config.json',
      'golden/continuations.json',
      'golden/likelihood.json',
      GRAPH,
      DATA,
      `${DATA}_1`,
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ])
    for (const name of files) {
      expect((await readFile(join(target, name))).equals(await readFile(join(TINY, name)))).toBe(
        true,
      )
    }
    expect(said).toEqual([expect.stringContaining(`${GRAPH} of maker/tiny@${COMMIT.slice(0, 7)}`)])
    expect(await readdir(directory)).toEqual(['target'])
    // The token is for the hub, and not for the stores that it redirects to.
    for (const { path, token } of hub.asked) {
      expect([path, token]).toEqual([
        path,
        path.startsWith('store:') ? undefined : 'Bearer hf_secret',
      ])
    }
  })

  it('comes with the graph that was asked for', async () => {
    const hub = await hubWith()
    expect((await take(hub, { wish: { dtype: 'int8' } })).files).toContain('onnx/model_int8.onnx')
    expect((await take(hub, { wish: { graph: 'model_int8' } })).files).toContain(
      'onnx/model_int8.onnx',
    )
  })

  it('comes with its only graph, whatever that is called', async () => {
    const hub = await startHub({ 'onnx/own-name.onnx': Buffer.from('graph') })
    expect((await take(hub)).files).toEqual(['onnx/own-name.onnx'])
  })

  it('of onnxruntime-genai comes from the folder of its export', async () => {
    const genai = JSON.stringify({ model: { decoder: { filename: 'my-own.onnx' } } })
    const hub = await hubWith(
      {},
      {
        'cpu/int4/genai_config.json': Buffer.from(genai),
        'cpu/int4/my-own.onnx': Buffer.from('graph'),
        'cpu/int4/my-own.onnx.data': Buffer.from('data'),
        'cpu/int4/tokenizer.json': Buffer.from('{}'),
      },
    )
    const { files } = await take(hub, { wish: { folder: 'cpu/int4' } })
    expect(files).toEqual([
      'genai_config.json',
      'my-own.onnx',
      'my-own.onnx.data',
      'tokenizer.json',
    ])
  })

  it('goes on where a connection broke', async () => {
    const hub = await hubWith({ [DATA]: { breaks: { after: 20_000, times: 3 } } })
    const { target } = await take(hub)
    expect((await readFile(join(target, DATA))).equals(await readFile(join(TINY, DATA)))).toBe(true)
    const asked = hub.asked.filter(({ path }) => path === `store:${DATA}`)
    expect(asked).toHaveLength(4)
    expect(asked[0]?.range).toBeUndefined()
    // What was on its way when it broke may be lost: then there is nothing to go on with.
    for (const { range } of asked.slice(1))
      expect(range ?? 'bytes=1-').toMatch(/^bytes=[1-9]\d*-$/u)
  })

  it('goes on where an earlier command stopped', async () => {
    const broken = await hubWith({ [DATA]: { breaks: { after: 0, times: 99 } } })
    const directory = await temporaryDirectory()
    await expect(take(broken, { directory })).rejects.toThrow(
      /onnx_data: the connection broke again/u,
    )
    const kept = join(directory, '.downloads', `maker--tiny@${COMMIT}`)
    await writeFile(
      join(kept, `${DATA}.part`),
      (await readFile(join(TINY, DATA))).subarray(0, 5000),
    )
    const hub = await hubWith()
    const { target } = await take(hub, { directory })
    expect((await readFile(join(target, DATA))).equals(await readFile(join(TINY, DATA)))).toBe(true)
    expect(
      hub.asked.filter(({ path }) => path.includes(GRAPH)).map(({ path, range }) => [path, range]),
    ).toEqual([
      [`/maker/tiny/resolve/${COMMIT}/${DATA}`, 'bytes=5000-'],
      [`store:${DATA}`, 'bytes=5000-'],
      [`/maker/tiny/resolve/${COMMIT}/${DATA}_1`, undefined],
      [`store:${DATA}_1`, undefined],
    ])
    expect(await readdir(directory)).toEqual(['target'])
  })

  it('begins anew where a store sends all of a file', async () => {
    const hub = await hubWith({
      [DATA]: { breaks: { after: 20_000, times: 1 }, ignoresRange: true },
    })
    const { target } = await take(hub)
    expect((await readFile(join(target, DATA))).equals(await readFile(join(TINY, DATA)))).toBe(true)
  })

  it.each<[string, Record<string, HubFault>, RegExp]>([
    [
      'another large file',
      { [DATA]: { bytes: Buffer.alloc(70_656) } },
      /onnx_data: .*has the sum \w+, not \w+/u,
    ],
    [
      'another small file',
      { 'config.json': { bytes: Buffer.alloc(900) } },
      /config\.json: .*has the sum/u,
    ],
    [
      'more than it lists',
      { [DATA]: { bytes: Buffer.alloc(70_657) } },
      /more bytes come than the hub lists/u,
    ],
    [
      'less than it lists',
      { [DATA]: { bytes: Buffer.alloc(70_000) } },
      /onnx_data: the connection broke again/u,
    ],
    [
      'a file to others only',
      { 'config.json': { status: 403 } },
      /config\.json: .*private or gated: set HF_TOKEN/u,
    ],
    ['no such file', { [DATA]: { status: 404 } }, /onnx_data: there is no such model/u],
    [
      'errors only',
      { [DATA]: { status: 503 } },
      /the connection broke again and again \(the hub answered 503\)/u,
    ],
  ])('that sends %s is refused', async (_, faults, reason) => {
    const directory = await temporaryDirectory()
    await expect(take(await hubWith(faults), { directory })).rejects.toThrow(reason)
    // What has a wrong sum is not taken for the right file the next time either.
    const again = await take(await hubWith(), { directory })
    expect(again.files).toContain(DATA)
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    stop.abort(new Error('stopped'))
    await expect(take(await hubWith(), { signal: stop.signal })).rejects.toThrow(/^stopped$/u)
  })
})

describe('what the hub does not have is said with what it has', () => {
  it.each<[string, Record<string, string>, HubWish, RegExp]>([
    [
      'no such precision',
      { 'onnx/model_q4.onnx': '' },
      { dtype: 'fp16' },
      /no ONNX graph in fp16: choose one with --graph: model_q4$/u,
    ],
    [
      'no such graph',
      { 'onnx/model_q4.onnx': '' },
      { graph: 'x' },
      /no ONNX graph x\.onnx: choose one/u,
    ],
    [
      'exports in folders',
      { 'cpu/genai_config.json': '{}', 'cpu/x.onnx': '' },
      {},
      /choose one with --folder: cpu$/u,
    ],
    ['a GGUF file', { 'm.Q4.gguf': '' }, {}, /download m\.Q4\.gguf and turn it into one/u],
    ['other weights', { 'model.safetensors': '' }, {}, /take an ONNX export of it/u],
    [
      'a broken genai_config.json',
      { 'genai_config.json': '[' },
      {},
      /genai_config\.json cannot be read/u,
    ],
  ])('%s', async (_, files, wish, reason) => {
    const bytes = Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const)
    await expect(take(await startHub(Object.fromEntries(bytes)), { wish })).rejects.toThrow(reason)
  })
})

describe('a hub that is none', () => {
  const answering = (page: (url: URL) => object | number | undefined) => startHub({}, {}, page)
  const listing = (entry: object) =>
    answering((url) => (url.pathname.includes('/tree/') ? [entry] : undefined))
  const entry = { type: 'file', path: 'config.json', size: 1, oid: 'a'.repeat(40) }

  it.each<[string, () => Promise<TestHub>, RegExp]>([
    [
      'does not know the model',
      () => answering(() => 404),
      /maker\/tiny@main: there is no such model/u,
    ],
    ['wants a token', () => answering(() => 401), /set HF_TOKEN/u],
    ['wants peace', () => answering(() => 429), /asks to slow down/u],
    ['is broken', () => answering(() => 500), /answered 500/u],
    ['answers something else', () => answering(() => ({ hello: 1 })), /does not answer as a hub/u],
    [
      'lists paths elsewhere',
      () => listing({ ...entry, path: '../../x' }),
      /"\.\.\/\.\.\/x" leads out/u,
    ],
    ['lists no sums', () => listing({ ...entry, oid: 'x' }), /it has no sum/u],
    ['lists sizes of nothing', () => listing({ ...entry, size: -1 }), /does not answer as a hub/u],
  ])('%s', async (_, hub, reason) => {
    await expect(take(await hub())).rejects.toThrow(reason)
  })

  it('is not there', async () => {
    await expect(take('http://127.0.0.1:9')).rejects.toThrow(
      /http:\/\/127\.0\.0\.1:9 cannot be reached \(.+\): set HF_ENDPOINT/u,
    )
  })
})
