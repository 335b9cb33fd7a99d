import { mkdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type LoadOptions, loadModel } from '../../../../inference/loading/load-model.ts'
import { LOAD_OPTIONS, copyOfTiny, loadForTest } from '../../../support/inference/models.ts'

const GRAPH = 'onnx/model_q4.onnx'

async function edit(folder: string, name: string, change: (json: Record<string, unknown>) => void) {
  const json = JSON.parse(await readFile(join(folder, name), 'utf8')) as Record<string, unknown>
  change(json)
  await writeFile(join(folder, name), JSON.stringify(json))
}

/** Moves a file out of the folder and leaves a link to it. */
async function linkOut(folder: string, name: string): Promise<void> {
  const outside = join(folder, '..', `outside-${name.replaceAll('/', '-')}`)
  await rename(join(folder, name), outside)
  await symlink(outside, join(folder, name))
}

/** Writes other bytes into the graph, of the same length so that its structure holds. */
async function patchGraph(folder: string, from: string, to: string): Promise<void> {
  const path = join(folder, GRAPH)
  const bytes = (await readFile(path)).toString('latin1')
  expect(bytes).toContain(from)
  expect(to).toHaveLength(from.length)
  await writeFile(path, Buffer.from(bytes.replaceAll(from, to), 'latin1'))
}

const loadCopy = async (
  change: (folder: string) => Promise<unknown>,
  options: Partial<LoadOptions> = {},
) => {
  const { folder } = await copyOfTiny()
  await change(folder)
  const model = await loadModel(folder, { ...LOAD_OPTIONS, ...options })
  onTestFinished(() => model.engine.dispose())
  return model
}

describe('a folder that cannot be loaded is refused with its reason', () => {
  it.each<[string, (folder: string) => Promise<unknown>, RegExp]>([
    ['no config', (folder) => rm(join(folder, 'config.json')), /config\.json is missing/u],
    [
      'a broken config',
      (folder) => writeFile(join(folder, 'config.json'), '{"a":'),
      /config\.json is not JSON/u,
    ],
    [
      'a config of another kind',
      (folder) => writeFile(join(folder, 'config.json'), '[]'),
      /config\.json: its contents/u,
    ],
    ['no tokenizer', (folder) => rm(join(folder, 'tokenizer.json')), /tokenizer\.json is missing/u],
    [
      'a cut tokenizer',
      (folder) => truncate(join(folder, 'tokenizer.json'), 5000),
      /tokenizer\.json is not JSON/u,
    ],
    [
      'a tokenizer without a model',
      (folder) => edit(folder, 'tokenizer.json', (json) => delete json['model']),
      /tokenizer\.json: model/u,
    ],
    [
      'a tokenizer of an unknown kind',
      (folder) =>
        edit(folder, 'tokenizer.json', (json) =>
          Object.assign(json, { pre_tokenizer: { type: 'Quantum' } }),
        ),
      /tokenizer\.json cannot be used/u,
    ],
    [
      'a decoder of an unknown kind',
      (folder) =>
        edit(folder, 'tokenizer.json', (json) => {
          json['decoder'] = { type: 'WordPiece' }
        }),
      /decoder \(WordPiece\)/u,
    ],
    [
      'a tokenizer with more tokens than the graph',
      (folder) =>
        edit(folder, 'tokenizer.json', (json) => {
          json['added_tokens'] = [{ id: 512, content: '<more>', special: true }]
        }),
      /token 512, but the graph knows 512/u,
    ],
    [
      'no tokenizer config',
      (folder) => rm(join(folder, 'tokenizer_config.json')),
      /tokenizer_config\.json is missing/u,
    ],
    [
      'no template',
      (folder) => edit(folder, 'tokenizer_config.json', (json) => delete json['chat_template']),
      /no chat template/u,
    ],
    [
      'a template that does not parse',
      (folder) =>
        edit(folder, 'tokenizer_config.json', (json) => {
          json['chat_template'] = '{% for %}'
        }),
      /the chat template cannot be used/u,
    ],
    [
      'a template that throws',
      (folder) =>
        edit(folder, 'tokenizer_config.json', (json) => {
          json['chat_template'] = '{{ raise_exception("never") }}'
        }),
      /chat template cannot be used: never/u,
    ],
    [
      'a template that says nothing',
      (folder) => writeFile(join(folder, 'chat_template.jinja'), ' '.repeat(0)),
      /empty prompt/u,
    ],
    ['no graph', (folder) => rm(join(folder, 'onnx'), { recursive: true }), /no ONNX graph/u],
    ['a cut graph', (folder) => truncate(join(folder, GRAPH), 9000), /./u],
    ['a graph that is none', (folder) => writeFile(join(folder, GRAPH), 'hello'), /./u],
    ['no external data', (folder) => rm(join(folder, `${GRAPH}_data`)), /model_q4\.onnx_data/u],
    ['cut external data', (folder) => truncate(join(folder, `${GRAPH}_data`), 100), /./u],
    [
      'external data outside of the folder',
      (folder) => linkOut(folder, `${GRAPH}_data`),
      /escapes/u,
    ],
    [
      'external data outside by its name',
      async (folder) => {
        await rename(join(folder, `${GRAPH}_data_1`), join(folder, '../xx_q4.onnx_dat'))
        await patchGraph(folder, 'model_q4.onnx_data_1', '../../xx_q4.onnx_dat')
      },
      /escapes/u,
    ],
    ['a graph outside of the folder', (folder) => linkOut(folder, GRAPH), /lies outside/u],
    [
      'a tokenizer outside of the folder',
      (folder) => linkOut(folder, 'tokenizer.json'),
      /tokenizer\.json lies outside/u,
    ],
    [
      'an input that nobody gives',
      (folder) => patchGraph(folder, 'num_logits_to_keep', 'num_logits_to_weep'),
      /num_logits_to_weep/u,
    ],
    [
      'an end token outside of the vocabulary',
      (folder) =>
        edit(folder, 'generation_config.json', (json) => {
          json['eos_token_id'] = [2, 600]
        }),
      /end token 600/u,
    ],
    [
      'recommended values that make no sense',
      (folder) =>
        edit(folder, 'generation_config.json', (json) => {
          json['top_p'] = 7
        }),
      /generation_config\.json: top_p/u,
    ],
  ])('%s', async (_, change, reason) => {
    const loading = loadCopy(change)
    await expect(loading).rejects.toThrow(reason)
  })

  it('weights that give no numbers', async () => {
    // All bits set is NaN in every format of a scale.
    const spoil = async (folder: string): Promise<void> => {
      for (const name of [`${GRAPH}_data`, `${GRAPH}_data_1`]) {
        const { length } = await readFile(join(folder, name))
        await writeFile(join(folder, name), Buffer.alloc(length, 0xff))
      }
    }
    await expect(loadCopy(spoil)).rejects.toThrow(/no finite numbers/u)
  })

  it('no token that ends an answer', async () => {
    const change = async (folder: string): Promise<void> => {
      for (const name of ['config.json', 'generation_config.json']) {
        await edit(folder, name, (json) => delete json['eos_token_id'])
      }
      await edit(folder, 'tokenizer_config.json', (json) => delete json['eos_token'])
      await rm(join(folder, 'special_tokens_map.json'))
    }
    await expect(loadCopy(change)).rejects.toThrow(/no token ends an answer/u)
  })
})

describe('a folder is read as its makers wrote it', () => {
  it('with what it says of itself', async () => {
    const model = await loadForTest()
    expect(model).toMatchObject({ id: 'tiny-random', precision: 'q4', contextLength: 2048 })
    expect([...model.endIds]).toEqual([2])
  })

  it('with every token that anyone says ends an answer', async () => {
    const model = await loadCopy(async (folder) => {
      await edit(folder, 'generation_config.json', (json) => {
        json['eos_token_id'] = [0, 7]
      })
      await edit(folder, 'config.json', (json) => {
        json['eos_token_id'] = 3
      })
    })
    expect([...model.endIds].sort((a, b) => a - b)).toEqual([0, 2, 3, 7])
  })

  it('with a template in a file of its own, before any other', async () => {
    const model = await loadCopy((folder) =>
      writeFile(join(folder, 'chat_template.jinja'), '<|im_start|>'),
    )
    expect(model.template.encode([{ role: 'user', content: 'x' }], 'answer')).toEqual([1])
  })

  it('with the default among several templates', async () => {
    const model = await loadCopy((folder) =>
      edit(folder, 'tokenizer_config.json', (json) => {
        json['chat_template'] = [
          { name: 'tool_use', template: '<|im_end|>' },
          { name: 'default', template: '{{ bos_token }}' },
        ]
      }),
    )
    expect(model.template.encode([{ role: 'user', content: 'x' }], 'answer')).toEqual([1])
  })

  it('without the files that are optional', async () => {
    const model = await loadCopy(async (folder) => {
      await rm(join(folder, 'generation_config.json'))
      await rm(join(folder, 'special_tokens_map.json'))
    })
    expect([...model.endIds]).toEqual([2])
  })

  it('with its graphs beside the other files', async () => {
    const model = await loadCopy(async (folder) => {
      await mkdir(join(folder, 'kept'))
      for (const name of ['model_q4.onnx', 'model_q4.onnx_data', 'model_q4.onnx_data_1']) {
        await rename(join(folder, 'onnx', name), join(folder, name))
      }
    })
    expect(model.precision).toBe('q4')
  })

  it('with a context that the memory for caches has room for', async () => {
    const model = await loadCopy(async () => {}, { cacheBytes: 512 * 100 })
    expect(model.contextLength).toBe(100)
  })
})
