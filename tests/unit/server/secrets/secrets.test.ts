import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freshRing, parseRing } from '../../../../server/secrets/key-ring.ts'
import { createSecrets, loadSecrets, type Secrets } from '../../../../server/secrets/secrets.ts'

type Key = { id: string; purpose: string; key: string; createdAt: string }
type File = { version: number; keys: Key[] }

const NOW = Date.UTC(2026, 0, 1)

function secretsOf(file: File): Secrets {
  const ring = parseRing(JSON.stringify(file))
  if (!ring.ok) throw new Error(ring.error)
  return createSecrets(ring.value)
}

function fresh(now = NOW): File {
  return JSON.parse(freshRing(now)) as File
}

/** The file after a rotation of every purpose. */
function rotated(file: File): File {
  return { ...file, keys: [...fresh(NOW + 1000).keys, ...file.keys] }
}

describe('the secret file', () => {
  let folder: string
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'trivium-secrets-'))))
  afterEach(() => rm(folder, { recursive: true }))

  test('is made for its owner alone, with its folder, and stays the same', async () => {
    const path = join(folder, 'new/secret.json')
    const first = await loadSecrets(path, NOW)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const text = await readFile(path, 'utf8')
    const second = await loadSecrets(path, NOW + 1)
    if (!first.ok || !second.ok) throw new Error('not loaded')
    expect(await readFile(path, 'utf8')).toBe(text)
    expect(second.value.cookieSigner.verify(first.value.cookieSigner.sign('v'))).toBe('v')
  })

  test('two starts at once agree on one', async () => {
    const path = join(folder, 'secret.json')
    const all = await Promise.all(Array.from({ length: 8 }, () => loadSecrets(path, NOW)))
    const hashes = all.map((one) => (one.ok ? one.value.voterHash('v') : one.error))
    expect(new Set(hashes).size).toBe(1)
    expect(hashes[0]).toMatch(/^[0-9a-f]{32}$/)
  })

  test('is refused when others can read it, with the command to run', async () => {
    const path = join(folder, 'secret.json')
    await loadSecrets(path, NOW)
    await chmod(path, 0o640)
    expect(await loadSecrets(path, NOW)).toEqual({
      ok: false,
      error: `SECRET_FILE ${path} can be read by others: run "chmod 600 ${path}" and start again`,
    })
  })

  const file = fresh()
  const first = file.keys[0] as Key
  test.each<[string, string, string]>([
    ['broken JSON', '{"keys": "QUJD', 'is no valid JSON'],
    ['nothing', '', 'is no valid JSON'],
    ['another version', JSON.stringify({ ...file, version: 2 }), 'has a mistake at version'],
    [
      'a purpose missing',
      JSON.stringify({ ...file, keys: file.keys.slice(1) }),
      'holds no key for the purpose "cookies"',
    ],
    [
      'a short key',
      JSON.stringify({ ...file, keys: [{ ...first, key: 'AAAA' }] }),
      'has a mistake at keys.0.key',
    ],
    [
      'an id twice',
      JSON.stringify({ ...file, keys: [...file.keys, { ...first, purpose: 'voters' }] }),
      `holds the key id "${first.id}" twice`,
    ],
  ])('with %s is refused in one line that holds no key', async (_, text, expected) => {
    const path = join(folder, 'secret.json')
    await writeFile(path, text, { mode: 0o600 })
    const loaded = await loadSecrets(path, NOW)
    if (loaded.ok) throw new Error('it was loaded')
    expect(loaded.error).toContain(`SECRET_FILE ${path} ${expected}`)
    expect(loaded.error).not.toContain('\n')
    for (const { key } of file.keys) expect(loaded.error).not.toContain(key)
  })

  test('a folder in its place is refused in one line', async () => {
    expect(await loadSecrets(folder, NOW)).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^SECRET_FILE .*(read by others|cannot be used).*$/) as string,
    })
  })
})

describe('cookies', () => {
  test('what was signed is verified, what was changed is not', () => {
    const { cookieSigner } = secretsOf(fresh())
    fc.assert(
      fc.property(
        fc.string(),
        fc.nat(),
        fc.string({ minLength: 1, maxLength: 1 }),
        (value, at, other) => {
          const signed = cookieSigner.sign(value)
          expect(cookieSigner.verify(signed)).toBe(value)
          const index = at % signed.length
          const changed = signed.slice(0, index) + other + signed.slice(index + 1)
          if (changed !== signed) expect(cookieSigner.verify(changed)).toBeUndefined()
        },
      ),
    )
    for (const junk of ['', '.', '..', 'a.b', 'a.b.c']) {
      expect(cookieSigner.verify(junk)).toBeUndefined()
    }
  })

  test('outlive a rotation, and the new key signs', () => {
    const file = fresh()
    const before = secretsOf(file).cookieSigner.sign('v')
    const after = secretsOf(rotated(file)).cookieSigner
    expect(after.verify(before)).toBe('v')
    expect(after.sign('v')).not.toBe(before)
    expect(secretsOf(file).cookieSigner.verify(after.sign('v'))).toBeUndefined()
  })
})

describe('sealing', () => {
  test('opens for its context and key ring only, and never when changed', () => {
    const file = fresh()
    const { sealer } = secretsOf(file)
    const sealed = sealer.seal('sk-canary', 'model a')
    expect(sealed).not.toContain('canary')
    expect(sealer.seal('sk-canary', 'model a')).not.toBe(sealed)
    expect(sealer.open(sealed, 'model a')).toBe('sk-canary')
    expect(secretsOf(rotated(file)).sealer.open(sealed, 'model a')).toBe('sk-canary')
    expect(sealer.open(sealed, 'model b')).toBeUndefined()
    expect(secretsOf(fresh()).sealer.open(sealed, 'model a')).toBeUndefined()
    const [id = '', text = ''] = sealed.split('.')
    const bytes = Buffer.from(text, 'base64url')
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes)
      changed[index] = (changed[index] ?? 0) ^ 1
      expect(sealer.open(`${id}.${changed.toString('base64url')}`, 'model a')).toBeUndefined()
    }
    for (const junk of ['', '.', id, `${id}.`, `${id}.AAAA`, text]) {
      expect(sealer.open(junk, 'model a')).toBeUndefined()
    }
  })
})

test("voters' hashes survive rotations", () => {
  const file = fresh()
  const before = secretsOf(file).voterHash('visitor')
  expect(secretsOf(rotated(rotated(file))).voterHash('visitor')).toBe(before)
  expect(secretsOf(file).voterHash('other')).not.toBe(before)
  expect(secretsOf(fresh()).voterHash('visitor')).not.toBe(before)
})
