import { cp, readFile, rename, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { loadSharedCacheEngine } from '../../../../inference/engine/native/shared-cache-engine.ts'
import { loadModel } from '../../../../inference/loading/load-model.ts'
import { ModelRegistry } from '../../../../inference/loading/model-registry.ts'
import { LOAD_OPTIONS, TINY, copyOfTiny } from '../../../support/inference/models.ts'

// What a folder may do to the engine that calls native code, and what it may do with its own code.

const GRAPH = 'onnx/model_q4.onnx'
const ENDLESS_TEMPLATE =
  '{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}'

const native = (folder: string) =>
  loadSharedCacheEngine(join(folder, GRAPH), {
    ...LOAD_OPTIONS,
    contextLength: 2048,
    chunkTokens: 64,
  })

async function patch(folder: string, change: (bytes: Buffer) => void): Promise<void> {
  const bytes = await readFile(join(folder, GRAPH))
  change(bytes)
  await writeFile(join(folder, GRAPH), bytes)
}

/** Changes a fixed dimension in what the graph declares of one of its inputs or outputs. */
function declare(bytes: Buffer, name: string, from: number, to: number): void {
  const FIELD_OF_TYPE = 0x12
  const TAG_OF_FIXED = 0x08
  let at = bytes.indexOf(name)
  while (at >= 0 && bytes[at + name.length] !== FIELD_OF_TYPE) at = bytes.indexOf(name, at + 1)
  expect(at).toBeGreaterThan(0)
  const dimension = bytes.indexOf(Buffer.of(TAG_OF_FIXED, from), at + name.length)
  expect(dimension - at).toBeLessThan(100)
  bytes[dimension + 1] = to
}

it.each<[string, (folder: string) => Promise<void>, RegExp]>([
  [
    'external data that a link leads out of the folder',
    async (folder) => {
      await rename(join(folder, `${GRAPH}_data`), join(folder, '../outside'))
      await symlink(join(folder, '../outside'), join(folder, `${GRAPH}_data`))
    },
    /escapes/u,
  ],
  ['cut external data', (folder) => truncate(join(folder, `${GRAPH}_data`), 100), /./u],
  ['empty external data', (folder) => truncate(join(folder, `${GRAPH}_data_1`), 0), /./u],
  [
    'weights that are no numbers',
    async (folder) => {
      for (const name of [`${GRAPH}_data`, `${GRAPH}_data_1`]) {
        const { length } = await readFile(join(folder, name))
        await writeFile(join(folder, name), Buffer.alloc(length, 0xff))
      }
    },
    /./u,
  ],
  [
    'a cache with more heads than it says',
    (folder) => patch(folder, (bytes) => declare(bytes, 'past_key_values.0.key', 2, 1)),
    /./u,
  ],
  [
    'a cache with fewer heads than it says',
    (folder) => patch(folder, (bytes) => declare(bytes, 'past_key_values.1.value', 2, 9)),
    /./u,
  ],
  [
    'a cache wider than it says',
    (folder) => patch(folder, (bytes) => declare(bytes, 'past_key_values.0.value', 16, 1)),
    /./u,
  ],
])('the native engine refuses %s', async (_, change, reason) => {
  const { folder } = await copyOfTiny()
  await change(folder)
  await expect(native(folder)).rejects.toThrow(reason)
})

it('a graph cut anywhere is refused, and ends nothing', async () => {
  const whole = await readFile(join(TINY, GRAPH))
  const { folder } = await copyOfTiny()
  for (let part = 1; part < 10; part += 1) {
    await writeFile(join(folder, GRAPH), whole.subarray(0, (whole.length * part) / 10))
    await expect(loadModel(folder, LOAD_OPTIONS)).rejects.toThrow(/./u)
  }
})

it('code of a folder that does not end is given up and named, and other folders load', async () => {
  const { directory, folder } = await copyOfTiny('endless-template')
  await writeFile(join(folder, 'chat_template.jinja'), ENDLESS_TEMPLATE)
  await cp(TINY, join(directory, 'whole'), { recursive: true })
  const registry = await ModelRegistry.scan(directory)
  onTestFinished(() => registry.dispose())
  await registry.load(LOAD_OPTIONS, pino({ level: 'silent' }), new AbortController().signal)
  expect(registry.states).toMatchObject([
    {
      id: 'endless-template',
      status: 'failed',
      reason: 'the chat template cannot be used: the chat template takes longer than 2 s',
    },
    { id: 'whole', status: 'ready' },
  ])
})

it('a template that does not end for some messages alone fails for these alone', async () => {
  const { folder } = await copyOfTiny()
  const template = `{% if messages|length > 1 %}${ENDLESS_TEMPLATE}{% endif %}<|im_start|>`
  await writeFile(join(folder, 'chat_template.jinja'), template)
  const model = await loadModel(folder, LOAD_OPTIONS)
  onTestFinished(() => model.engine.dispose())
  const hello = { role: 'user', content: 'Hello!' } as const
  expect(() => model.template.encode([hello, hello], 'answer')).toThrow(/longer than 2 s/u)
  expect(model.template.encode([hello], 'answer')).toEqual([1])
})
