import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../../inference/package-root.ts'
import { SettingsError, readSettings } from '../../../inference/settings.ts'
import { BUNDLED_MODELS, TINY_MODELS, temporaryDirectory } from '../../support/inference/models.ts'

describe('readSettings', () => {
  it('has a default for everything', () => {
    expect(readSettings({})).toEqual({
      host: '127.0.0.1',
      port: 8080,
      modelsDirectory: BUNDLED_MODELS,
      device: 'auto',
      threads: Math.max(1, availableParallelism() - 1),
      logLevel: 'info',
      endsWithStdin: false,
    })
  })

  it('takes an empty variable for none', () => {
    expect(readSettings({ INFERENCE_PORT: '', MODELS_DIR: '', LOG_LEVEL: '' })).toEqual(
      readSettings({}),
    )
  })

  it('reads every variable', () => {
    expect(
      readSettings({
        INFERENCE_HOST: '::1',
        INFERENCE_PORT: '0',
        MODELS_DIR: relative(process.cwd(), TINY_MODELS),
        INFERENCE_DEVICE: 'cuda',
        INFERENCE_THREADS: '3',
        LOG_LEVEL: 'silent',
        INFERENCE_PARENT: 'stdin',
      }),
    ).toEqual({
      host: '::1',
      port: 0,
      modelsDirectory: TINY_MODELS,
      device: 'cuda',
      threads: 3,
      logLevel: 'silent',
      endsWithStdin: true,
    })
  })

  it.each([
    ['INFERENCE_HOST', 'http://localhost'],
    ['INFERENCE_PORT', '65536'],
    ['INFERENCE_PORT', '-1'],
    ['INFERENCE_PORT', '80a'],
    ['INFERENCE_PORT', '1e3'],
    ['INFERENCE_DEVICE', 'gpu'],
    ['INFERENCE_THREADS', '0'],
    ['INFERENCE_THREADS', '1.5'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_LEVEL', 'a\nb'],
    ['INFERENCE_PARENT', 'yes'],
    ['MODELS_DIR', '/nothing/here'],
    ['MODELS_DIR', 'package.json'],
  ])('refuses %s=%s in one line that says which and why', (name, value) => {
    const read = (): unknown => readSettings({ [name]: value })
    expect(read).toThrow(SettingsError)
    // Without the flag s, a dot is no line break.
    expect(read).toThrow(new RegExp(`^${name}=".*" is (not|none of) .*$`, 'u'))
  })
})

describe('packageRoot', () => {
  it('goes up to the package of this name, past others', async () => {
    const root = packageRoot(import.meta.url)
    expect(join(root, 'inference/models')).toBe(BUNDLED_MODELS)
    expect(packageRoot(new URL('../../../dist/inference/main.mjs', import.meta.url).href)).toBe(
      root,
    )
  })

  it('says so when there is none', async () => {
    const directory = await temporaryDirectory()
    await writeFile(join(directory, 'package.json'), '{"name":"another"}')
    expect(() => packageRoot(`file://${directory}/main.mjs`)).toThrow(
      /no package\.json of trivium/u,
    )
  })
})
