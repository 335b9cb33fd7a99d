import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contains } from '../../../../scripts/models/list/contains.ts'
import { describeFolder } from '../../../../scripts/models/list/describe-folder.ts'
import { licenceOf } from '../../../../scripts/models/list/licence.ts'
import { copyOfTiny, temporaryDirectory } from '../../../support/inference/models.ts'

describe('a folder in the list', () => {
  it('that cannot be loaded says why, and the rest that is known', async () => {
    const { directory, folder } = await copyOfTiny('broken')
    await rm(join(folder, 'tokenizer.json'))
    const described = await describeFolder(directory, 'broken')
    expect(described).toMatchObject({
      id: 'broken',
      licence: 'Apache License',
      graph: null,
      engine: null,
      problem: expect.stringMatching(/^tokenizer\.json is missing/u) as string,
    })
    expect(described.bytes).toBeGreaterThan(100_000)
  })

  it('whose graph has another attention is served by the other engine', async () => {
    const { directory, folder } = await copyOfTiny('other')
    await writeFile(join(folder, 'onnx/model_q4.onnx'), 'MultiHeadAttention')
    expect(await describeFolder(directory, 'other')).toMatchObject({ engine: 'growing-cache' })
  })
})

it.each<[string, Record<string, string>, string | null]>([
  [
    'the head of README.md',
    { 'README.md': '---\nlicense: apache-2.0\ntags: x\n---\n#' },
    'apache-2.0',
  ],
  ['README.md before LICENSE', { 'README.md': '---\nlicense: mit\n---', LICENSE: 'Other' }, 'mit'],
  [
    'LICENSE',
    { 'README.md': '# license: none', LICENSE: '\n\n  MIT \u001b[31mLicense\n' },
    'MIT [31mLicense',
  ],
  ['nothing', {}, null],
])('the licence is read from %s', async (_, files, licence) => {
  const folder = await temporaryDirectory()
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  expect(await licenceOf(folder)).toBe(licence)
})

it('finds text across the parts in which a file is read', async () => {
  const path = join(await temporaryDirectory(), 'graph')
  const bytes = Buffer.alloc(2 * 1024 * 1024 + 100, 'x')
  for (const at of [0, 1024 * 1024 - 3, 2 * 1024 * 1024 + 95]) {
    const copy = Buffer.from(bytes)
    copy.write('needle'.slice(0, copy.length - at), at)
    await writeFile(path, copy)
    expect([at, await contains(path, 'needle')]).toEqual([at, at < 2 * 1024 * 1024])
  }
})
