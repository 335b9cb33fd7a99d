import fc from 'fast-check'
import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { entryPath } from '../../../../scripts/models/entry-path.ts'

describe('entryPath', () => {
  it.each([
    ['config.json', 'config.json'],
    ['./onnx//model.onnx', 'onnx/model.onnx'],
    ['tiny/', 'tiny'],
    ['a..b/..c', 'a..b/..c'],
  ])('takes %s', (name, path) => {
    expect(entryPath(name)).toBe(path)
  })

  it.each([
    ['/etc/passwd', /leads out/u],
    ['../x', /leads out/u],
    ['a/../../x', /leads out/u],
    ['C:/x', /leads out/u],
    ['a\\..\\x', /characters/u],
    ['a\0b', /characters/u],
    ['a\u001b[2Jb', /characters/u],
    ['a/'.repeat(11), /too long/u],
    ['a'.repeat(401), /too long/u],
  ])('refuses %j', (name, reason) => {
    expect(() => entryPath(name)).toThrow(reason)
  })

  it('never leads out of the folder', () => {
    const part = fc.constantFrom('..', '.', '', 'a', 'C:', '\\', '/', '~', 'b c')
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        let path: string
        try {
          path = entryPath(parts.join('/'))
        } catch {
          return
        }
        expect(`${posix.join('/folder', path)}/`.startsWith('/folder/')).toBe(true)
      }),
    )
  })
})
