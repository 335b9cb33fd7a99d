import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { copyFolder } from '../../../../scripts/models/sources/copy-folder.ts'
import { temporaryDirectory } from '../../../support/inference/models.ts'

const { signal } = new AbortController()

async function folders() {
  const directory = await temporaryDirectory()
  const [from, to] = [join(directory, 'from'), join(directory, 'to')]
  await mkdir(join(from, 'onnx'), { recursive: true })
  await mkdir(to)
  return { directory, from, to }
}

it("copies files, what a cache's links lead to, and no weights in other formats", async () => {
  const { directory, from, to } = await folders()
  await writeFile(join(directory, 'blob'), 'graph')
  await symlink('../../blob', join(from, 'onnx/model.onnx'))
  await writeFile(join(from, 'config.json'), '{}')
  await writeFile(join(from, '.gitattributes'), 'x')
  await writeFile(join(from, 'model.safetensors'), 'x')
  await symlink(directory, join(from, 'loop'))
  const told: number[] = []
  const progress = {
    expect: (bytes: number) => void told.push(bytes),
    advance: (bytes: number) => void told.push(-bytes),
    end: () => {},
  }
  await copyFolder(from, to, { progress, signal })
  expect((await readdir(to, { recursive: true })).sort()).toEqual([
    'config.json',
    'onnx',
    'onnx/model.onnx',
  ])
  expect(await readFile(join(to, 'onnx/model.onnx'), 'utf8')).toBe('graph')
  expect(told[0]).toBe(7)
  expect(told.reduce((sum, bytes) => sum + bytes, 0)).toBe(0)
})

it('refuses a folder that is far too deep for a model', async () => {
  const { from, to } = await folders()
  await mkdir(join(from, 'a/'.repeat(12)), { recursive: true })
  const progress = { expect: () => {}, advance: () => {}, end: () => {} }
  await expect(copyFolder(from, to, { progress, signal })).rejects.toThrow(/too deep/u)
})
