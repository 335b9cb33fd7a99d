import fc from 'fast-check'
import { readFile, readdir, writeFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { unpack } from '../../../../../scripts/models/archive/unpack.ts'
import { temporaryDirectory } from '../../../../support/inference/models.ts'
import { type MadeEntry, tarOf, zipOf } from '../../../../support/models-command/archives.ts'

const progress = { expect: () => {}, advance: () => {}, end: () => {} }
const options = { progress, signal: new AbortController().signal }
const LINK_MODE = 0o120777

async function unpacked(name: string, bytes: Buffer, signal = options.signal) {
  const directory = await temporaryDirectory()
  const [file, folder] = [join(directory, name), join(directory, 'into')]
  await writeFile(file, bytes)
  await mkdir(folder)
  const kept = await unpack(file, folder, { progress, signal })
  return { folder, kept, directory }
}

const contents = [
  { name: 'tiny/config.json', bytes: Buffer.from('{}') },
  { name: 'tiny/onnx/model.onnx', bytes: Buffer.alloc(200_000, 'weights ') },
  { name: 'tiny/empty', bytes: Buffer.alloc(0) },
]
const kinds: [string, (entries: readonly MadeEntry[]) => Buffer][] = [
  ['a.tar', tarOf],
  ['a.tgz', (entries) => gzipSync(tarOf(entries))],
  ['a.zip', zipOf],
]

describe.each(kinds)('%s', (name, make) => {
  it('gives back what was packed, without the folder around it', async () => {
    const { folder, kept } = await unpacked(name, make(contents))
    expect(kept).toBe(join(folder, 'tiny'))
    for (const { name: file, bytes } of contents) {
      expect((await readFile(join(folder, file))).equals(bytes)).toBe(true)
    }
  })

  it.each<[string, MadeEntry[], RegExp]>([
    ['leads out', [{ name: '../x', bytes: Buffer.from('x') }], /"\.\.\/x" leads out/u],
    ['is absolute', [{ name: '/tmp/x', bytes: Buffer.from('x') }], /leads out/u],
    [
      'comes twice',
      [
        { name: 'x', bytes: Buffer.from('x') },
        { name: './x', bytes: Buffer.from('y') },
      ],
      /EEXIST/u,
    ],
    [
      'says that it is larger than a disk',
      [{ name: 'x', bytes: Buffer.from('x'), size: 0o77777777 * 250 }],
      /cannot be unpacked: it says that it holds more/u,
    ],
  ])('refuses an entry that %s, and writes nothing elsewhere', async (_, entries, reason) => {
    const bytes = make(entries.map((entry) => ({ ...entry })))
    await expect(unpacked(name, bytes)).rejects.toThrow(reason)
  })

  it('refuses more entries than a model can have', async () => {
    const many = Array.from({ length: 2001 }, () => ({ name: 'folder/', kind: 0 }))
    const bytes = make(
      many.map((entry) => (name.endsWith('zip') ? entry : { ...entry, kind: '5' })),
    )
    await expect(unpacked(name, bytes)).rejects.toThrow(/more than 2000 entries/u)
  }, 60_000)

  it('ends with an error, whatever is broken in it', async () => {
    const whole = make(contents)
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, by, cut) => {
          const bytes = Buffer.from(cut ? whole.subarray(0, at) : whole)
          if (!cut) bytes[at] = (bytes[at] ?? 0) ^ by
          try {
            const { directory } = await unpacked(name, bytes)
            // What passes is in the folder and nowhere else.
            expect((await readdir(directory)).sort()).toEqual([name, 'into'].sort())
          } catch (error) {
            expect(error).toBeInstanceOf(Error)
            expect((error as Error).message).toContain(`${name} cannot be unpacked`)
          }
        },
      ),
      { numRuns: 30 },
    )
  }, 60_000)

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    stop.abort(new Error('stopped'))
    await expect(unpacked(name, make(contents), stop.signal)).rejects.toThrow(/^stopped$/u)
  })
})

it.each<[string, Buffer, RegExp]>([
  ['a.tar', tarOf([{ name: 'x', kind: '2', link: '/etc/passwd' }]), /"x" is a link/u],
  ['a.tar', tarOf([{ name: 'x', kind: '1', link: 'y' }]), /"x" is a link/u],
  ['a.tar', tarOf([{ name: 'x', kind: '3' }]), /"x" is a device/u],
  ['a.tar', tarOf([{ name: 'x', kind: '6' }]), /"x" is a pipe/u],
  ['a.tar', Buffer.from('hello'.repeat(200)), /no tar archive/u],
  ['a.tgz', Buffer.from('hello'), /cannot be unpacked/u],
  ['a.zip', Buffer.from('hello'), /no zip archive/u],
  [
    'a.zip',
    zipOf([{ name: 'x', bytes: Buffer.from('/etc/passwd'), kind: LINK_MODE }]),
    /"x" is a link/u,
  ],
  [
    'a.zip',
    zipOf([{ name: 'x', bytes: Buffer.alloc(1000), size: 10 }]),
    /"x" is not what the archive says/u,
  ],
])('refuses what is no archive of files (%s)', async (name, bytes, reason) => {
  await expect(unpacked(name, bytes)).rejects.toThrow(reason)
})

it('reads long names and sizes as pax and GNU write them', async () => {
  const long = `${'deep/'.repeat(5)}${'n'.repeat(120)}`
  const record = (text: string) => {
    const length = text.length + String(text.length + 4).length + 2
    return `${length} ${text}\n`
  }
  const bytes = Buffer.from('weights')
  const pax = record(`path=${long}.pax`)
  expect(pax).toHaveLength(Number.parseInt(pax, 10))
  const { folder } = await unpacked(
    'a.tar',
    tarOf([
      { name: 'head', kind: 'x', bytes: Buffer.from(pax) },
      { name: 'short', bytes },
      { name: '././@LongLink', kind: 'L', bytes: Buffer.from(`${long}.gnu\0`) },
      { name: 'short', bytes },
    ]),
  )
  expect(await readFile(join(folder, `${long}.pax`), 'utf8')).toBe('weights')
  expect(await readFile(join(folder, `${long}.gnu`), 'utf8')).toBe('weights')
})
