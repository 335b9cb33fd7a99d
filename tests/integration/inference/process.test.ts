import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { packageRoot } from '../../../inference/package-root.ts'
import { TINY_MODELS, copyOfTiny, temporaryDirectory } from '../../support/inference/models.ts'
import { startServer } from '../../support/inference/server.ts'

const ROOT = packageRoot(import.meta.url)
const listening = z.object({ listening: z.object({ host: z.string(), port: z.int().positive() }) })

function start(environment: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'inference/main.ts')], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      MODELS_DIR: TINY_MODELS,
      INFERENCE_PORT: '0',
      ...environment,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Where a started process listens, as it says itself. */
async function addressOf(child: ChildProcess): Promise<{ host: string; port: number }> {
  if (!child.stdout) throw new Error('no stdout')
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return listening.parse(JSON.parse(line)).listening
}

/** Resolves with the line that says that the models are loaded. */
async function readyLine(child: ChildProcess): Promise<string> {
  if (!child.stderr) throw new Error('no stderr')
  for await (const line of createInterface(child.stderr)) {
    if (line.includes('"ready')) return line
  }
  throw new Error('ended before it was ready')
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'exit')) as [number | null]
  return code
}

/** Runs a process that is not to start, and what it says. */
async function failure(
  environment: Record<string, string>,
): Promise<{ code: number | null; stderr: string; stdout: string }> {
  const child = start(environment)
  if (!child.stdout || !child.stderr) throw new Error('no pipes')
  const [code, stdout, stderr] = await Promise.all([
    exitOf(child),
    text(child.stdout),
    text(child.stderr),
  ])
  return { code, stdout, stderr }
}

describe('the inference process', () => {
  it('tells its port on stdout, says one line when it is ready, and ends with SIGTERM', async () => {
    const child = start({})
    const [{ host, port }, ready] = await Promise.all([addressOf(child), readyLine(child)])
    expect(ready).toMatch(/ready: tiny-random \(q4\); cpu, \d+ thread\(s\), \d+ MB/u)
    expect((await fetch(`http://${host}:${port}/health`)).status).toBe(200)
    const exit = exitOf(child)
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
  })

  it('ends streams that are under way with SIGTERM', async () => {
    const child = start({})
    const [{ port }] = await Promise.all([addressOf(child), readyLine(child)])
    const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'tiny-random',
        stream: true,
        temperature: 0,
        max_tokens: 1900,
        messages: [{ role: 'user', content: 'Tell me a joke about computers.' }],
      }),
    })
    const reading = Promise.allSettled([response.text()])
    const exit = exitOf(child)
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
    expect((await reading)[0].status).toBe('rejected')
  })

  it('ends when its parent does, if it is told to', async () => {
    const child = start({ INFERENCE_PARENT: 'stdin' })
    await Promise.all([addressOf(child), readyLine(child)])
    const exit = exitOf(child)
    child.stdin?.end()
    expect(await exit).toBe(0)
  })

  it('says loudly that it has no CUDA', async () => {
    // Also where there is a GPU.
    const child = start({ INFERENCE_DEVICE: 'cuda', CUDA_VISIBLE_DEVICES: '' })
    if (!child.stderr) throw new Error('no stderr')
    const [line] = (await once(createInterface(child.stderr), 'line')) as [string]
    expect(JSON.parse(line)).toMatchObject({
      level: 40,
      msg: expect.stringMatching(/^models run on the CPU, because CUDA cannot be used: ./u),
    })
  })

  it('refuses a setting in one line', async () => {
    const { code, stdout, stderr } = await failure({ INFERENCE_THREADS: 'many' })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toBe(
      'trivium inference: INFERENCE_THREADS="many" is not an integer from 1 to 1024\n',
    )
  })

  it('refuses a port in use in one line', async () => {
    const { port } = await startServer()
    const { code, stderr } = await failure({ INFERENCE_PORT: String(port) })
    expect(code).toBe(1)
    expect(stderr).toBe(
      `trivium inference: INFERENCE_PORT=${port} is in use by another process (on 127.0.0.1)\n`,
    )
  })

  it('refuses an address that is not its own in one line', async () => {
    const { code, stderr } = await failure({ INFERENCE_HOST: '192.0.2.1' })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^trivium inference: cannot listen on 192\.0\.2\.1:0: [^\n]+\n$/u)
  })

  it('names a folder that cannot be loaded, and ends when there is no other', async () => {
    const { directory, folder } = await copyOfTiny('half-a-model')
    await rm(join(folder, 'tokenizer.json'))
    const { code, stderr } = await failure({ MODELS_DIR: directory })
    expect(code).toBe(1)
    expect(stderr).toContain('model folder half-a-model is left out: tokenizer.json is missing')
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      `trivium inference: no model could be loaded from ${directory}`,
    )
  })

  it('ends when there is no folder at all', async () => {
    const directory = await temporaryDirectory()
    const { code, stderr } = await failure({ MODELS_DIR: directory })
    expect(code).toBe(1)
    expect(stderr).toBe(`trivium inference: no model could be loaded from ${directory}\n`)
  })
})
