import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { refuseUsed, stage } from '../../../../scripts/models/staging.ts'
import { temporaryDirectory } from '../../../support/inference/models.ts'

describe('a model folder is made whole or not at all', () => {
  it('takes its place when it is filled', async () => {
    const directory = join(await temporaryDirectory(), 'made')
    const target = await stage(directory, 'tiny', async (folder) => {
      expect(basename(folder)).toBe('tiny')
      // Nobody takes it for a model meanwhile.
      expect(basename(dirname(folder))).toMatch(/^\./u)
      await mkdir(join(folder, 'inside'))
      await writeFile(join(folder, 'inside/config.json'), '{}')
      return join(folder, 'inside')
    })
    expect(target).toBe(join(directory, 'tiny'))
    expect(await readdir(directory)).toEqual(['tiny'])
    expect(await readFile(join(target, 'config.json'), 'utf8')).toBe('{}')
  })

  it('leaves nothing when filling fails', async () => {
    const directory = await temporaryDirectory()
    const filling = stage(directory, 'tiny', async (folder) => {
      await writeFile(join(folder, 'half'), 'x')
      throw new Error('it broke')
    })
    await expect(filling).rejects.toThrow('it broke')
    expect(await readdir(directory)).toEqual([])
  })

  it('refuses an id in use, a broken link included, before and after it is filled', async () => {
    const directory = await temporaryDirectory()
    await mkdir(join(directory, 'used'))
    await symlink('/nowhere', join(directory, 'link'))
    const never = () => Promise.reject(new Error('must not be filled'))
    for (const id of ['used', 'link']) {
      await expect(stage(directory, id, never)).rejects.toThrow(`${id} exists already`)
      await expect(refuseUsed(directory, id)).rejects.toThrow(/choose another id with --name/u)
    }
    const late = stage(directory, 'late', async (folder) => {
      await mkdir(join(directory, 'late'))
      return folder
    })
    await expect(late).rejects.toThrow('late exists already')
    expect((await readdir(directory)).sort()).toEqual(['late', 'link', 'used'])
  })

  it('takes away what a killed command left, and nothing of one that runs', async () => {
    const directory = await temporaryDirectory()
    const running = `.adding-${process.ppid}-x`
    for (const name of ['.adding-99999999-x', running, '.adding-x', '.downloads']) {
      await mkdir(join(directory, name))
    }
    await stage(directory, 'tiny', (folder) => Promise.resolve(folder))
    expect((await readdir(directory)).sort()).toEqual(
      ['.adding-x', '.downloads', running, 'tiny'].sort(),
    )
  })
})
