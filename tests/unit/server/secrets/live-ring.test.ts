import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withNewKeys, withoutKeys } from '../../../../server/secrets/key-ring.ts'
import { replaceSecretFile } from '../../../../server/secrets/secret-file.ts'
import { loadSecrets, type Secrets } from '../../../../server/secrets/secrets.ts'

const NOW = Date.UTC(2026, 0, 1)

let folder: string
let path: string
let warnings: string[]
let secrets: Secrets

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trivium-secrets-'))
  path = join(folder, 'secret.json')
  warnings = []
  secrets = await load()
})
afterEach(() => rm(folder, { recursive: true }))

async function load(): Promise<Secrets> {
  const loaded = await loadSecrets(path, NOW, (problem) => warnings.push(problem))
  if (!loaded.ok) throw new Error(loaded.error)
  return loaded.value
}

async function rotate(): Promise<string[]> {
  const { text, ids } = withNewKeys(await readFile(path, 'utf8'), ['sealing', 'cookies'], NOW)
  await replaceSecretFile(path, text)
  return ids
}

const keyOf = (sealed: string) => sealed.split('.')[0]

test('the next that is sealed or signed is so with the new keys; what was before stays good', async () => {
  const sealed = secrets.sealer.seal('secret', 'context')
  const signed = secrets.cookieSigner.sign('visitor')
  const hash = secrets.voterHash('visitor')
  const [sealing, cookies] = await rotate()
  const anew = secrets.sealer.seal('secret', 'context')
  expect(keyOf(anew)).toBe(sealing)
  expect(secrets.cookieSigner.sign('visitor').split('.')[1]).toBe(cookies)
  expect(secrets.sealer.open(sealed, 'context')).toBe('secret')
  expect(secrets.cookieSigner.verify(signed)).toBe('visitor')
  expect(secrets.voterHash('visitor')).toBe(hash)
  expect((await load()).sealer.open(anew, 'context')).toBe('secret')
  expect(warnings).toEqual([])
})

test('what another process sealed or signed with a key that is new here is read at once', async () => {
  await rotate()
  const other = await load()
  expect(secrets.sealer.open(other.sealer.seal('secret', 'context'), 'context')).toBe('secret')
  await rotate()
  expect(secrets.cookieSigner.verify(other.cookieSigner.sign('visitor'))).toBe('visitor')
})

test('a key that has gone from the file still opens here, and seals nothing more', async () => {
  const sealed = secrets.sealer.seal('secret', 'context')
  await rotate()
  const old = keyOf(sealed) ?? ''
  await replaceSecretFile(path, withoutKeys(await readFile(path, 'utf8'), new Set([old])))
  expect(keyOf(secrets.sealer.seal('secret', 'context'))).not.toBe(old)
  expect(secrets.sealer.open(sealed, 'context')).toBe('secret')
  expect((await load()).sealer.open(sealed, 'context')).toBeUndefined()
})

test('a new key is the newest whatever the clock says', async () => {
  const { text, ids } = withNewKeys(await readFile(path, 'utf8'), ['sealing'], NOW - 1e9)
  await replaceSecretFile(path, text)
  expect(keyOf((await load()).sealer.seal('secret', 'context'))).toBe(ids[0])
})

test.each([
  ['broken', () => writeFile(path, '{"keys": "QUJD')],
  ['gone', () => rm(path)],
  ['open to others', () => chmod(path, 0o644)],
])('a file that is %s is told once, and the keys from before stay', async (_, spoil) => {
  const sealed = secrets.sealer.seal('secret', 'context')
  await spoil()
  // Permissions alone are no change of the file: what it holds is the same.
  await writeFile(path, `${await readFile(path, 'utf8').catch(() => '{')} `)
  for (let count = 0; count < 3; count += 1) {
    const again = secrets.sealer.seal('secret', 'context')
    expect(keyOf(again)).toBe(keyOf(sealed))
    expect(secrets.sealer.open(again, 'context')).toBe('secret')
    expect(secrets.cookieSigner.verify(secrets.cookieSigner.sign('visitor'))).toBe('visitor')
  }
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toContain(`SECRET_FILE ${path}`)
  expect(warnings[0]).toContain('stay in use')
  expect(warnings[0]).not.toContain('QUJD')
})
