import { expect, test } from 'vitest'
import { createLimits, type LimitedAct, type Limits } from '../../../../server/http/limits.ts'

/** How many of so many calls pass. */
async function passing(
  limits: Limits,
  act: LimitedAct,
  calls: number,
  of: (n: number) => string[],
) {
  let passed = 0
  for (let n = 0; n < calls; n += 1) {
    const [visitor = '', address = ''] = of(n)
    if ((await limits.take(act, visitor, address)).ok) passed += 1
  }
  return passed
}

test('one visitor starts 60 battles a minute, and others are not disturbed', async () => {
  const limits = createLimits(true, false)
  expect(await passing(limits, 'battle', 100, () => ['one', '192.0.2.1'])).toBe(60)
  expect(await passing(limits, 'battle', 10, () => ['two', '192.0.2.1'])).toBe(10)
  const refused = await limits.take('battle', 'one', '192.0.2.1')
  expect(refused).toMatchObject({ ok: false, error: { code: 'rate_limited' } })
})

test('new visitors do not get around the limit of an address', async () => {
  const limits = createLimits(true, false)
  expect(await passing(limits, 'battle', 700, (n) => [`v${n}`, '192.0.2.1'])).toBe(600)
})

test('behind a proxy on this machine its address limits nobody', async () => {
  const limits = createLimits(true, true)
  expect(await passing(limits, 'battle', 700, (n) => [`v${n}`, '127.0.0.1'])).toBe(700)
  expect(await passing(limits, 'battle', 700, (n) => [`w${n}`, '::ffff:127.0.0.1'])).toBe(700)
  expect(await passing(limits, 'battle', 700, (n) => [`x${n}`, '192.0.2.1'])).toBe(600)
})

test('switched off they let everything pass', async () => {
  expect(await passing(createLimits(false, false), 'battle', 700, () => ['one', 'a'])).toBe(700)
})
