import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Golden, checkGolden, readGolden } from '../../../../../scripts/models/check/golden.ts'
import { greet } from '../../../../../scripts/models/check/greeting.ts'
import { measureSpeed } from '../../../../../scripts/models/check/measure.ts'
import { TINY, copyOfTiny, loadForTest } from '../../../../support/inference/models.ts'

const { signal } = new AbortController()

async function tinyGolden(): Promise<Golden> {
  const golden = await readGolden(TINY, 'onnx/model_q4.onnx')
  if (golden === null) throw new Error('the tiny model has golden files')
  return golden
}

describe('golden prompts', () => {
  it('agree with the graph that they were made with', async () => {
    const { prompts, tokens } = await checkGolden(await loadForTest(), await tinyGolden(), signal)
    expect(prompts).toBe(6)
    expect(tokens).toBeGreaterThan(100)
  })

  it('are those of the graph and of no other', async () => {
    expect(await readGolden(TINY, 'onnx/model_int8.onnx')).toBeNull()
    expect(await readGolden(join(TINY, 'onnx'), 'onnx/model_q4.onnx')).toBeNull()
  })

  it('name the first token that differs where the golden run was sure', async () => {
    const golden = await tinyGolden()
    const first = golden.prompts[1]
    if (first === undefined) throw new Error('there are several')
    const at = first.margins.findIndex((margin, index) => index > 3 && margin >= golden.safe_margin)
    const right = first.output_ids[at]
    first.output_ids[at] = (right ?? 0) + 1
    const checking = checkGolden(await loadForTest(), golden, signal)
    await expect(checking).rejects.toThrow(
      `"${first.name}": token ${at + 1} is ${right} instead of ${(right ?? 0) + 1}`,
    )
    // Where it was not sure, the token may be another.
    first.margins = first.margins.map((margin, index) => (index < at ? margin : 0))
    await checkGolden(await loadForTest(), { ...golden, prompts: [first] }, signal)
  })

  it('tell of a tokenizer or a template that does not fit', async () => {
    const golden = await tinyGolden()
    const [prompt] = golden.prompts.filter((each) => each.special_tokens_in_text === 'none')
    if (prompt === undefined) throw new Error('there is one')
    prompt.prompt_ids = [...prompt.prompt_ids.slice(0, 3), 7, ...prompt.prompt_ids.slice(4)]
    await expect(
      checkGolden(await loadForTest(), { ...golden, prompts: [prompt] }, signal),
    ).rejects.toThrow(/the tokenizer or the chat template gives other tokens .*from 3 on/u)
  })

  it.each([
    ['{', /golden\/continuations\.json is not JSON/u],
    ['{"prompts":[]}', /golden\/continuations\.json holds no golden continuations/u],
  ])('that are broken are named (%s)', async (text, reason) => {
    const { folder } = await copyOfTiny()
    await writeFile(join(folder, 'golden/continuations.json'), text)
    await expect(readGolden(folder, 'onnx/model_q4.onnx')).rejects.toThrow(reason)
  })

  it('stop when they are told to', async () => {
    const stop = new AbortController()
    stop.abort(new Error('stopped'))
    await expect(checkGolden(await loadForTest(), await tinyGolden(), stop.signal)).rejects.toThrow(
      'stopped',
    )
  })
})

it('greets a model and gives back what it says', async () => {
  const model = await loadForTest()
  expect((await greet(model, signal)).length).toBeGreaterThan(0)
  expect(model.engine.cacheUse().sequences).toBe(0)
})

it('measures every kind of step, and leaves no sequence open', async () => {
  const model = await loadForTest()
  const { promptTokens, prefill, decode, batch } = await measureSpeed(model, signal)
  expect(promptTokens).toBe(256)
  for (const speed of [prefill, decode, batch]) expect(speed).toBeGreaterThan(0)
  expect(model.engine.cacheUse().sequences).toBe(0)
})

it('measures within the context that there is', async () => {
  const { folder } = await copyOfTiny()
  const path = join(folder, 'config.json')
  const config = JSON.parse(await readFile(path, 'utf8')) as object
  await writeFile(path, JSON.stringify({ ...config, max_position_embeddings: 100 }))
  const { promptTokens } = await measureSpeed(await loadForTest(folder), signal)
  expect(promptTokens).toBeLessThan(40)
})
