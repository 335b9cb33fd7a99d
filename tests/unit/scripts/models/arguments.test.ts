import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { addCommand } from '../../../../scripts/models/add.ts'
import { checkCommand } from '../../../../scripts/models/check.ts'
import { UsageError } from '../../../../scripts/models/command.ts'
import { idFrom } from '../../../../scripts/models/directory.ts'
import { listCommand } from '../../../../scripts/models/list.ts'
import { removeCommand } from '../../../../scripts/models/remove.ts'
import { temporaryDirectory } from '../../../support/inference/models.ts'

const { signal } = new AbortController()

describe('what cannot be understood is refused before anything is touched', () => {
  it.each([
    [addCommand, [], /add takes one source/u],
    [addCommand, ['a', 'b'], /add takes one source/u],
    [addCommand, ['a', '--frob'], /--frob/u],
    [addCommand, ['a', '--graph', 'x', '--dtype', 'q4'], /--graph or --dtype/u],
    [listCommand, ['x'], /list takes no names/u],
    [checkCommand, ['a', 'b'], /check takes one id/u],
    [removeCommand, [], /remove takes one id/u],
    [removeCommand, ['..'], /"\.\." is no model id/u],
    [removeCommand, ['../x'], /is no model id/u],
    [removeCommand, ['/etc'], /is no model id/u],
    [removeCommand, ['a/b'], /is no model id/u],
    [removeCommand, ['.downloads'], /is no model id/u],
    [removeCommand, ['a\\b'], /is no model id/u],
  ])('%#', (command, args, reason) => {
    expect(() => command.read(args)).toThrow(UsageError)
    expect(() => command.read(args)).toThrow(reason)
  })

  it.each([
    [['x.gguf'], /npm run models -- convert/u],
    [['notes.txt'], /take a folder, or a \.zip/u],
    [['no-such-thing'], /there is no no-such-thing/u],
    [['owner/name', '--link'], /--link is for folders/u],
    [['folder', '--dtype', 'q4'], /are for models of the hub/u],
    [['folder', '--name', 'Not An Id'], /"Not An Id" is no model id/u],
  ])('add %j', async (args, reason) => {
    const directory = await temporaryDirectory()
    for (const name of ['x.gguf', 'notes.txt']) await writeFile(join(directory, name), '')
    await mkdir(join(directory, 'folder'))
    vi.stubEnv('npm_lifecycle_event', 'models')
    vi.stubEnv('INIT_CWD', directory)
    vi.stubEnv('MODELS_DIR', join(directory, 'models'))
    try {
      await expect(addCommand.read(args)(signal)).rejects.toThrow(reason)
    } finally {
      vi.unstubAllEnvs()
    }
    expect((await readdir(directory)).sort()).toEqual(['folder', 'notes.txt', 'x.gguf'])
  })

  it('remove takes folders and links, not files, and only in the directory', async () => {
    const directory = await temporaryDirectory()
    await writeFile(join(directory, 'file'), '')
    vi.stubEnv('MODELS_DIR', directory)
    try {
      for (const id of ['file', 'nothing']) {
        await expect(removeCommand.read([id, '--yes'])(signal)).rejects.toThrow(
          `there is no model ${id}`,
        )
      }
    } finally {
      vi.unstubAllEnvs()
    }
    expect(await readdir(directory)).toEqual(['file'])
  })
})

it.each([
  ['SmolLM2-135M-Instruct', 'smollm2-135m-instruct'],
  ['my model (1)', 'my-model-1-'],
  ['.hidden', 'hidden'],
  ['Qwen2.5_0.5B', 'qwen2.5_0.5b'],
])('the id of %s is %s', (name, id) => {
  expect(idFrom(name)).toBe(id)
})
