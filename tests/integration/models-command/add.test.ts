import { lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { TINY, copyOfTiny, temporaryDirectory } from '../../support/inference/models.ts'
import { tarOf, zipOf } from '../../support/models-command/archives.ts'
import { startHub } from '../../support/models-command/hub.ts'
import { runModels } from '../../support/models-command/run.ts'
import { tinyFiles } from '../../support/models-command/tiny-files.ts'

// The real command: what the rest of it does is tested below tests/unit/scripts/models.

const ANSWERS = /6 golden prompts agree, \d+ tokens/u

describe('npm run models -- add', () => {
  it('copies a folder, which check then measures, list describes and remove takes away', async () => {
    const directory = join(await temporaryDirectory(), 'not/yet/there')
    const added = await runModels(directory, ['add', TINY, '--name', 'mine'])
    expect(added).toMatchObject({ code: 0, out: expect.stringMatching(ANSWERS) as string })
    expect(await readdir(directory)).toEqual(['mine'])

    const again = await runModels(directory, ['add', TINY, '--name', 'mine'])
    expect(again).toMatchObject({ code: 1, out: '' })
    expect(again.err).toContain('mine exists already')

    const { code, out } = await runModels(directory, ['check', 'mine'])
    expect(code).toBe(0)
    expect(out).toMatch(/^mine\n {2}graph {4}onnx\/model_q4\.onnx, q4, context 2048\n/u)
    expect(out).toMatch(/engine {3}shared-cache on cpu\n/u)
    expect(out).toMatch(ANSWERS)
    expect(out).toMatch(/loaded, .* measured; 512 B per token/u)
    expect(out).toMatch(/prefill \S+ tokens\/s \(256 tokens\), decode \S+ .* 8 at once \S+ /u)

    const listed = await runModels(directory, ['list', '--json'])
    expect(JSON.parse(listed.out)).toEqual([
      {
        id: 'mine',
        bytes: expect.any(Number) as number,
        licence: 'Apache License',
        problem: null,
        graph: 'onnx/model_q4.onnx',
        precision: 'q4',
        contextLength: 2048,
        engine: 'shared-cache',
      },
    ])

    const unasked = await runModels(directory, ['remove', 'mine'])
    expect(unasked).toMatchObject({ code: 2, out: '' })
    expect(await runModels(directory, ['remove', 'mine', '--yes'])).toMatchObject({ code: 0 })
    expect(await readdir(directory)).toEqual([])
  })

  it('links a folder, and remove leaves what the link led to', async () => {
    const directory = await temporaryDirectory()
    const { folder } = await copyOfTiny('elsewhere')
    expect(await runModels(directory, ['add', folder, '--link'])).toMatchObject({ code: 0 })
    expect((await lstat(join(directory, 'elsewhere'))).isSymbolicLink()).toBe(true)
    expect(await runModels(directory, ['remove', 'elsewhere', '--yes'])).toMatchObject({ code: 0 })
    expect(await readdir(directory)).toEqual([])
    expect(await readdir(folder)).toContain('config.json')
  })

  it('unpacks archives', async () => {
    const [directory, from] = [await temporaryDirectory(), await temporaryDirectory()]
    const entries = Object.entries(await tinyFiles('wrapped/')).map(([name, bytes]) => ({
      name,
      bytes,
    }))
    await writeFile(join(from, 'Tiny One.tar.gz'), gzipSync(tarOf(entries)))
    await writeFile(join(from, 'two.zip'), zipOf(entries))
    const one = await runModels(directory, ['add', join(from, 'Tiny One.tar.gz')])
    expect([one.code, one.out]).toEqual([0, expect.stringMatching(ANSWERS)])
    // With one graph of several: that one is then what is served.
    const graph = ['--graph', 'model_q4f16']
    const two = await runModels(directory, ['add', join(from, 'two.zip'), ...graph])
    expect([two.code, two.out]).toEqual([0, expect.stringMatching(/two; q4f16, .* it says "/u)])
    expect(await readdir(join(directory, 'two/onnx'))).not.toContain('model_q4.onnx')
    expect((await readdir(directory)).sort()).toEqual(['tiny-one', 'two'])
  })

  it('downloads from a hub', async () => {
    const directory = await temporaryDirectory()
    const hub = await startHub(await tinyFiles(), {
      'onnx/model_q4.onnx_data': { breaks: { after: 30_000, times: 1 } },
    })
    const env = { HF_ENDPOINT: `${hub.endpoint}/`, HF_TOKEN: 'hf_secret' }
    const added = await runModels(directory, ['add', 'maker/tiny', '--dtype', 'q4'], env)
    expect(added).toMatchObject({ code: 0, out: expect.stringMatching(ANSWERS) as string })
    expect(added.out + added.err).not.toContain('hf_secret')
    expect(await readdir(directory)).toEqual(['tiny'])
  })

  it('says that a hub cannot be reached', async () => {
    const directory = await temporaryDirectory()
    const env = { HF_ENDPOINT: 'http://127.0.0.1:9' }
    const { code, err } = await runModels(directory, ['add', 'maker/tiny'], env)
    expect(code).toBe(1)
    expect(err).toMatch(/http:\/\/127\.0\.0\.1:9 cannot be reached .*set HF_ENDPOINT/u)
    expect(await readdir(directory)).toEqual([])
  })

  it('leaves nothing of a model that does not answer, nor of a command that was killed', async () => {
    const directory = await temporaryDirectory()
    // Process ids end below this: nobody has it.
    await mkdir(join(directory, '.adding-99999999-x'))
    const { folder } = await copyOfTiny('broken')
    await rm(join(folder, 'onnx/model_q4.onnx_data'))
    const { code, err } = await runModels(directory, ['add', folder])
    expect(code).toBe(1)
    expect(err).toMatch(/it was not added: onnx\/model_q4\.onnx: its external data is missing/u)
    expect(await readdir(directory)).toEqual([])
  })
})

describe('npm run models -- check', () => {
  it('ends with 1 and the reason when a model cannot be used', async () => {
    const { directory, folder } = await copyOfTiny('wrong')
    await writeFile(
      join(folder, 'golden/continuations.json'),
      JSON.stringify({
        model: 'onnx/model_q4.onnx',
        safe_margin: 0.05,
        prompts: [
          {
            name: 'hello',
            messages: [],
            special_tokens_in_text: 'parsed',
            prompt_ids: [1, 2, 3],
            output_ids: [511],
            margins: [1],
          },
        ],
      }),
    )
    const { code, out, err } = await runModels(directory, ['check'])
    expect(code).toBe(1)
    expect(out).toMatch(/^wrong\n {2}failed: golden prompt "hello": token 1 is \d+ instead of 511/u)
    expect(err).toContain('1 of 1 model(s) cannot be used')
  })
})
