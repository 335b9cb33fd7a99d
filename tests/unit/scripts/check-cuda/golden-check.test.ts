import { expect, it } from 'vitest'
import { checkGolden, readGolden } from '../../../../scripts/check-cuda/golden-check.ts'
import { loadForTest, TINY } from '../../../support/inference/models.ts'

it('finds golden tokens again, alone and in batches, and counts every step', async () => {
  const { engine } = await loadForTest()
  const prompts = (await readGolden(TINY, '')).slice(0, 5)
  const result = await checkGolden(engine, prompts, 4)
  const tokens = (some: typeof prompts) =>
    some.reduce((sum, { output_ids }) => sum + output_ids.length, 0)
  expect(result.compared).toBe(tokens(prompts) + tokens(prompts.slice(0, 2)))
  expect(result.wrong).toEqual([])
  expect(engine.cacheUse().sequences).toBe(0)
})

it('calls a token wrong where the two best are clearly apart, and close where they are not', async () => {
  const { engine } = await loadForTest()
  const [prompt] = await readGolden(TINY, '')
  if (!prompt) throw new Error('no golden prompt')
  const outputs = [...prompt.output_ids.slice(0, -1), prompt.output_ids.at(-1) === 1 ? 2 : 1]
  const last = outputs.length - 1
  const closeBy = (margin: number) => ({
    ...prompt,
    output_ids: outputs,
    margins: [...prompt.margins.slice(0, -1), margin],
  })
  const wrong = await checkGolden(engine, [closeBy(3)], 1)
  expect(wrong.wrong).toContain(`${prompt.name}, token ${last}, in a batch of 1`)
  const close = await checkGolden(engine, [closeBy(0.1)], 1)
  expect(close.wrong).toEqual([])
  expect(close.close).toBeGreaterThan(0)
})
