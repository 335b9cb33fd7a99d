import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../server/paths.ts'
import type { Exchange } from '../support/arena/mock-provider.ts'
import { setStage, type Stage } from '../support/arena/stage.ts'
import { accessibilityFaults } from '../support/browser/accessibility.ts'
import { launchBrowser, SKIP_BROWSER, watch } from '../support/browser/browser.ts'

/** Set to a folder to keep pictures, wide and narrow, light and dark. */
const SCREENSHOTS = process.env['TRIVIUM_SCREENSHOTS']

const THOUGHTS =
  'They ask for a sum.\n<b>MUSING</b> is no markup: **2 + 2** is 4.\n' +
  'Better say it twice. '.repeat(200)

describe.skipIf(SKIP_BROWSER)('what models think, in a real browser', () => {
  let stage: Stage
  let browser: Browser

  beforeAll(async () => {
    const built = spawnSync(process.execPath, ['scripts/build.mjs'], {
      cwd: PACKAGE_ROOT,
      encoding: 'utf8',
    })
    if (built.status !== 0) throw new Error(built.stderr)
    stage = await setStage()
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await stage?.close()
  })

  function think({ response }: Exchange, text: string): void {
    if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    const choices = [{ index: 0, delta: { reasoning_content: text }, finish_reason: null }]
    response.write(`data: ${JSON.stringify({ object: 'chat.completion.chunk', choices })}\n\n`)
  }

  async function picture(page: Page, name: string): Promise<void> {
    if (SCREENSHOTS === undefined) return
    mkdirSync(SCREENSHOTS, { recursive: true })
    for (const scheme of ['light', 'dark'] as const) {
      for (const width of [1440, 390]) {
        await page.emulateMedia({ colorScheme: scheme })
        await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
        await page.screenshot({ path: join(SCREENSHOTS, `${name}-${width}-${scheme}.png`) })
      }
    }
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize({ width: 1440, height: 900 })
  }

  test('is in no page before the vote, and folded under the answer after it, as the text that it is', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    const complaints = watch(page, stage.arena.url)
    await page.goto(stage.arena.url)
    const prompt = 'by hand: what is two and two?'
    await page.getByTestId('prompt').fill(prompt)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/battles\//)
    const battleId = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    const exchanges = await stage.exchanges(battleId, prompt)

    think(exchanges.a, THOUGHTS)
    exchanges.b.say('Four, says B.')
    await page.getByTestId('answer-b').getByText('Four, says B.').waitFor()
    // Whoever only thinks is said to be thinking.
    expect(await page.getByTestId('state-a').innerText()).toBe('Thinking')
    exchanges.a.say('Four, says A.')
    exchanges.a.finish()
    exchanges.b.finish()
    const radio = page.locator('[data-testid=verdict-accuracy] input[value=a]')
    await expect.poll(() => radio.isEnabled()).toBe(true)
    expect(await page.content()).not.toContain('MUSING')
    expect(await page.locator('.reasoning').count()).toBe(0)

    for (const key of ['1', '2', '5']) await page.keyboard.press(key)
    await page.keyboard.press('Enter')
    await page.getByTestId('reveal').waitFor()
    const folded = page.getByTestId('reasoning-a')
    await folded.waitFor()
    expect(await page.getByTestId('reasoning-b').count()).toBe(0)
    expect(await page.getByText('MUSING').count()).toBe(0)
    await picture(page, 'reasoning-folded')
    expect(await accessibilityFaults(page)).toEqual([])

    await page.getByText('Show what it thought before answering').click()
    const text = folded.locator('.reasoning-text')
    await text.waitFor()
    expect(await text.innerText()).toContain('<b>MUSING</b> is no markup: **2 + 2** is 4.')
    expect(await text.locator('b').count()).toBe(0)
    await text.scrollIntoViewIfNeeded()
    await picture(page, 'reasoning-open')
    expect(await accessibilityFaults(page)).toEqual([])

    // Who comes back finds it as well.
    await page.reload()
    await page.getByTestId('reasoning-a').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})
