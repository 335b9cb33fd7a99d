import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityFaults } from '../support/browser/accessibility.ts'
import { launchBrowser, SKIP_BROWSER, watch } from '../support/browser/browser.ts'
import { startRealArena, type RealArena } from '../support/browser/real-arena.ts'

/** Set to a folder to keep pictures of every state, wide and narrow, light and dark. */
const SCREENSHOTS = process.env['TRIVIUM_SCREENSHOTS']

describe.skipIf(SKIP_BROWSER)('in a real browser, with the real bundled model', () => {
  let arena: RealArena
  let browser: Browser
  const contexts: BrowserContext[] = []

  beforeAll(async () => {
    arena = await startRealArena()
    browser = await launchBrowser()
  })

  afterAll(async () => {
    for (const context of contexts) await context.close()
    await browser?.close()
    await arena?.close()
  })

  async function open(path: string, viewport = { width: 1440, height: 900 }) {
    const context = await browser.newContext({ viewport, colorScheme: 'light' })
    contexts.push(context)
    const page = await context.newPage()
    const complaints = watch(page, arena.url)
    await page.goto(`${arena.url}${path}`)
    return { page, complaints }
  }

  /** Pictures of the present state in both widths and schemes. */
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

  /** Waits until both answers are complete and can be judged. */
  async function judgeable(page: Page): Promise<void> {
    const radio = page.locator('[data-testid=verdict-accuracy] input[value=a]')
    await expect.poll(() => radio.isEnabled(), { timeout: 90_000 }).toBe(true)
  }

  const textOf = (page: Page, id: string) => page.getByTestId(id).innerText()

  test('a whole battle: ask, follow up, stop, judge by keyboard, reveal, and another browser sees the board move', async () => {
    const watcher = await open('/leaderboard?board=accuracy')
    await watcher.page.getByTestId('board-version').waitFor()

    const { page, complaints } = await open('/')
    await page.getByTestId('prompt').waitFor()
    expect(await page.evaluate('document.activeElement?.dataset.testid')).toBe('prompt')
    expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, '1-ask')

    await page.keyboard.type('Write a short poem about the sea.')
    await page.keyboard.press('Enter')
    for (const side of ['a', 'b']) {
      await expect.poll(() => textOf(page, `answer-${side}`), { timeout: 60_000 }).toMatch(/\w{2,}/)
    }
    await picture(page, '2-streaming')
    await judgeable(page)
    expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, '3-judging')
    for (const slugPart of ['smol', 'Smol']) expect(await page.content()).not.toContain(slugPart)

    await page.getByTestId('follow-up').focus()
    await page.keyboard.insertText('Now tell me a very long story about a ship.')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByTestId('stop').isEnabled(), { timeout: 30_000 }).toBe(true)
    await page.keyboard.press('Escape')
    await judgeable(page)

    // The keys work from wherever the follow-up has left the focus: outside its box.
    await page.keyboard.press('1')
    await page.keyboard.press('3')
    await page.keyboard.press('5')
    await page.keyboard.press('Enter')
    await page.getByTestId('reveal').waitFor()
    expect(await textOf(page, 'reveal-name-a')).toMatch(/Smol/)
    expect(await textOf(page, 'reveal-name-b')).toMatch(/Smol/)
    // The focus is in the reveal, not lost.
    expect(
      await page.evaluate(
        `document.querySelector('[data-testid=reveal]').contains(document.activeElement)`,
      ),
    ).toBe(true)
    expect(await accessibilityFaults(page)).toEqual([])

    // Without a reload, within the pushes of a second.
    await expect
      .poll(() => watcher.page.getByTestId('board-row').count(), { timeout: 5000 })
      .toBe(2)
    const elos = await watcher.page
      .getByTestId('board-row')
      .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-elo'))))
    // One vote says who won, but not by how far: nobody is rated yet.
    expect(elos.toSorted((a, b) => a - b)).toEqual([998, 1002])
    expect(await accessibilityFaults(watcher.page)).toEqual([])

    await picture(page, '4-reveal')
    await picture(watcher.page, '5-leaderboard')
    expect([...complaints, ...watcher.complaints]).toEqual([])
  })

  test.each(['/leaderboard', '/models', '/models/smol-plain', '/battles', '/about', '/nowhere'])(
    '%s shows itself without a fault',
    async (path) => {
      const { page, complaints } = await open(path)
      await page.locator('h1').first().waitFor()
      await page.waitForLoadState('networkidle')
      expect(await accessibilityFaults(page)).toEqual([])
      await picture(page, `6${path.replaceAll('/', '-')}`)
      // The browser itself complains of the status of a page that does not exist.
      expect(complaints.filter((each) => !each.includes('404 (Not Found)'))).toEqual([])
    },
  )

  test('the reader of the API works under the policy of the page', async () => {
    const { page, complaints } = await open('/docs')
    await page.locator('.opblock').first().waitFor()
    expect(complaints).toEqual([])
  })

  test('a reload in mid-battle keeps the battle, and its names stay hidden', async () => {
    const { page, complaints } = await open('/', { width: 390, height: 844 })
    await page.getByTestId('prompt').fill('List three colours.')
    await page.getByTestId('ask').click()
    await page.getByTestId('answer-a').waitFor()
    await page.reload()
    await judgeable(page)
    expect(await page.content()).not.toMatch(/smol/i)
    await page.locator('[data-testid=verdict-language] label').nth(1).click()
    await page.locator('[data-testid=verdict-accuracy] label').nth(4).click()
    await page.locator('[data-testid=verdict-helpfulness] label').nth(2).click()
    await page.getByTestId('send-vote').click()
    await page.getByTestId('reveal').waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    expect(complaints).toEqual([])
  })
})
