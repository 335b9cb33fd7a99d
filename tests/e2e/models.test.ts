import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityFaults } from '../support/browser/accessibility.ts'
import { launchBrowser, SKIP_BROWSER, watch } from '../support/browser/browser.ts'
import { writeModelHistories, type ModelHistories } from '../support/browser/model-histories.ts'
import { startSimulatedArena, type SimulatedArena } from '../support/browser/simulated-arena.ts'

/** Set to a folder to keep pictures of every page, wide and narrow, light and dark. */
const SCREENSHOTS = process.env['TRIVIUM_SCREENSHOTS']

const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 390, height: 844 }

describe.skipIf(SKIP_BROWSER)('the models’ pages in a real browser', () => {
  let simulated: SimulatedArena
  let told: ModelHistories
  let url: string
  let browser: Browser
  let contexts: BrowserContext[] = []

  beforeAll(async () => {
    simulated = await startSimulatedArena(60, 9000, (file) => {
      told = writeModelHistories(file)
    })
    url = simulated.arena.url
    browser = await launchBrowser()
  })
  afterEach(async () => {
    for (const context of contexts) await context.close()
    contexts = []
  })
  afterAll(async () => {
    await browser?.close()
    await simulated?.close()
  })

  async function open(path: string) {
    const context = await browser.newContext({ viewport: WIDE, colorScheme: 'light' })
    contexts.push(context)
    const page = await context.newPage()
    const complaints = watch(page, url)
    await page.goto(`${url}${path}`)
    return { page, complaints }
  }

  /** Waits for everything that a model's page reads. */
  async function arrived(page: Page): Promise<void> {
    await page.locator('.page-title').waitFor()
    await expect
      .poll(() => page.locator('.history-loading, .model-more, [aria-busy=true]').count(), {
        timeout: 30_000,
      })
      .toBe(0)
  }

  test('who competes, who pauses and who has gone stand apart; who has gone with date and reason', async () => {
    const { page, complaints } = await open('/models')
    await page.getByRole('heading', { name: /^Competing/ }).waitFor()
    const groups = await page.locator('.model-group').evaluateAll((sections) =>
      sections.map((section) => ({
        title: section.querySelector('h2')?.textContent,
        tiles: section.querySelectorAll('.model-tile').length,
      })),
    )
    // The simulated ones and the two that answer.
    expect(groups).toEqual([
      { title: 'Competing 57', tiles: 57 },
      { title: 'Paused 2', tiles: 2 },
      { title: 'Retired 3', tiles: 3 },
    ])
    const retired = page.locator('.model-group').last()
    expect(await retired.innerText()).toContain(
      'Retired Apr 5, 2026: Its maker has switched the endpoint off.',
    )
    expect(complaints).toEqual([])
  })

  test('the list is narrowed down by words, maker and tag, all of it in the address', async () => {
    const { page, complaints } = await open('/models?tag=reasoning')
    const found = page.locator('.model-filter-found')
    await found.waitFor()
    const tagged = await page.locator('.model-tile').count()
    expect(tagged).toBeGreaterThan(3)
    expect(tagged).toBeLessThan(60)
    const name = await page.locator('.model-tile h3').first().innerText()
    const maker = (await page.locator('.model-tile p').first().innerText()).split(' · ')[0] ?? ''
    await page.getByLabel('Made by').selectOption(maker)
    // Typed as fast as a page can be typed into: not a letter is lost.
    await page.getByLabel('Find').pressSequentially(name.toUpperCase(), { delay: 0 })
    await expect.poll(() => page.locator('.model-tile').count()).toBe(1)
    expect(await page.getByLabel('Find').inputValue()).toBe(name.toUpperCase())
    const address = new URL(page.url()).searchParams
    expect([address.get('q'), address.get('by'), address.get('tag')]).toEqual([
      name.toUpperCase(),
      maker,
      'reasoning',
    ])
    // Whoever gets the address sees the same.
    await page.reload()
    await expect.poll(() => page.locator('.model-tile').count()).toBe(1)
    await page.getByLabel('Find').fill('nobody is called this')
    await page.getByText('No model is like that.').waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await expect.poll(() => page.locator('.model-tile').count()).toBe(62)
    expect(new URL(page.url()).search).toBe('')
    expect(complaints).toEqual([])
  })

  test('a model’s page: its versions with dates, ratings and intervals, each over time', async () => {
    const { page, complaints } = await open(`/models/${told.versioned}`)
    await arrived(page)
    const versions = page.locator('.version')
    expect(await versions.count()).toBe(3)
    expect(await versions.locator('h3').allInnerTexts()).toEqual([
      'Version 3',
      'Version 2',
      'Version 1',
    ])
    const newest = versions.first()
    expect(await newest.innerText()).toMatch(/since \w+ \d+, \d+/)
    expect(await newest.innerText()).toContain('temperature 0.9')
    expect(await newest.locator('dd').allInnerTexts()).toEqual(
      Array.from({ length: 4 }, () => expect.stringMatching(/[\d,]+ to [\d,]+ · \d+ votes?/)),
    )
    // The figure's lines, and the same in words.
    const plot = page.locator('.versions .line-plot')
    // On a slow machine some of it comes in later, by itself.
    await expect.poll(() => plot.locator('.plot-line').count(), { timeout: 60_000 }).toBe(3)
    await page.getByLabel('Which rating').selectOption('language')
    expect(await plot.locator('.plot-line').count()).toBe(3)
    // What it is told and how it is reached is said nowhere.
    expect(await page.content()).not.toMatch(/systemPrompt|baseUrl|127\.0\.0\.1:1\b/)
    expect(complaints).toEqual([])
  })

  test('a model’s page: links, tags, price, and that no battle is released yet', async () => {
    const { page, complaints } = await open(`/models/${told.described}`)
    await arrived(page)
    const card = page.getByRole('link', { name: /Model card/ })
    expect(await card.getAttribute('href')).toBe('https://models.example/card')
    expect(await card.getAttribute('rel')).toBe('noopener noreferrer nofollow')
    expect(await page.locator('dl.model-facts').innerText()).toContain(
      '$0.15 in, $2.50 out per million tokens',
    )
    expect(await page.getByText(/^One version since/).count()).toBe(1)
    expect(await page.getByText(/once a screening has released it/).count()).toBe(1)
    const tags = page.locator('.tags a')
    const tag = await tags.first().innerText()
    await tags.first().click()
    await page.getByRole('heading', { name: /^Competing/ }).waitFor()
    expect(new URL(page.url()).searchParams.get('tag')).toBe(tag)
    expect(complaints).toEqual([])
  })

  test('a retired model keeps its page, with date and reason', async () => {
    const { page } = await open(`/models/${told.retired[2]}`)
    await arrived(page)
    const notice = page.locator('.notice')
    expect(await notice.innerText()).toContain('Retired Apr 5, 2026')
    expect(await notice.innerText()).toContain('Its maker has switched the endpoint off.')
    const other = await open(`/models/${told.paused[0]}`)
    await arrived(other.page)
    expect(await other.page.locator('.notice').innerText()).toBe('Takes no part at present')
  })

  test('nothing for axe to find, wide and narrow, light and dark; and no page is wider than its window', async () => {
    const pages: [string, string][] = [
      ['models', '/models'],
      ['models-found', '/models?q=a&tag=reasoning'],
      ['model-versions', `/models/${told.versioned}`],
      ['model-described', `/models/${told.described}`],
      ['model-retired', `/models/${told.retired[1]}`],
      ['model-new', `/models/${simulated.answering[0]}`],
    ]
    if (SCREENSHOTS !== undefined) mkdirSync(SCREENSHOTS, { recursive: true })
    for (const [name, path] of pages) {
      const { page, complaints } = await open(path)
      await arrived(page)
      for (const [size, viewport] of [
        ['wide', WIDE],
        ['narrow', NARROW],
      ] as const) {
        await page.setViewportSize(viewport)
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          const at = `${name}, ${size}, ${colorScheme}`
          expect(await accessibilityFaults(page), at).toEqual([])
          const { scroll, client } = await page.evaluate(() => ({
            scroll: document.documentElement.scrollWidth,
            client: document.documentElement.clientWidth,
          }))
          expect(scroll, at).toBeLessThanOrEqual(client)
          if (SCREENSHOTS !== undefined) {
            const file = join(SCREENSHOTS, `${name}-${size}-${colorScheme}.png`)
            await page.screenshot({ path: file, fullPage: true })
          }
        }
      }
      expect(complaints, name).toEqual([])
      await page.context().close()
    }
  }, 240_000)
})
