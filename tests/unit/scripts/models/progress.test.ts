import { expect, it } from 'vitest'
import { bytesText, tableText, visible } from '../../../../scripts/models/format.ts'
import { createProgress } from '../../../../scripts/models/progress.ts'

function watched(isTTY: boolean) {
  const written: string[] = []
  const clock = { now: 0 }
  const screen = { isTTY, write: (text: string) => written.push(text) }
  return { progress: createProgress(screen, () => clock.now), written, clock }
}

it('draws a bar on a terminal, ten times a second at most, and takes it away', () => {
  const { progress, written, clock } = watched(true)
  progress.expect(200, 'copying')
  progress.advance(50)
  progress.advance(50)
  clock.now = 100
  progress.advance(50)
  progress.end()
  expect(written).toHaveLength(3)
  expect(written[0]).toMatch(/^\rcopying █{8}░{22} {2}25 % of 200 B/u)
  expect(written[1]).toContain(' 75 %')
  expect(written[2]).toBe('\r\u001b[K')
})

it('writes lines elsewhere, now and then, and none for what is done before', () => {
  const { progress, written, clock } = watched(false)
  progress.expect(4 * 1024 ** 2, 'downloading')
  progress.advance(1024 ** 2)
  expect(written).toEqual([])
  clock.now = 10_000
  progress.advance(1024 ** 2)
  progress.advance(1024 ** 2)
  progress.end()
  expect(written).toEqual(['downloading: 2.0 MiB of 4.0 MiB\n'])
})

it('writes sizes, tables and strange texts for people', () => {
  expect([0, 999, 1000, 95 * 1024 ** 2, 120 * 1024 ** 2, 9.1 * 1024 ** 3].map(bytesText)).toEqual([
    '0 B',
    '999 B',
    '1.0 KiB',
    '95.0 MiB',
    '120 MiB',
    '9.1 GiB',
  ])
  expect(tableText(['id', 'size'], [['long name', '1'], ['x']])).toBe(
    'id         size\nlong name  1\nx',
  )
  expect(visible(' a\u001b[31mb\n\u202Ec ')).toBe('a [31mb c')
})
