import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Download, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Board } from '../../shared/schemas/leaderboard.ts'
import { connect, newVisitor } from '../support/arena/client.ts'
import { play, vote } from '../support/arena/stage.ts'
import { accessibilityFaults } from '../support/browser/accessibility.ts'
import { launchBrowser, SKIP_BROWSER, watch } from '../support/browser/browser.ts'
import { startSimulatedArena, type SimulatedArena } from '../support/browser/simulated-arena.ts'

/** Set to a folder to keep pictures of every view, wide and narrow, light and dark. */
const SCREENSHOTS = process.env['TRIVIUM_SCREENSHOTS']

const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 390, height: 844 }

const VIEWS = [
  ['side-by-side', '/leaderboard'],
  ['one-board', '/leaderboard?board=accuracy'],
  ['overall', '/leaderboard?board=overall&weights=accuracy:3,helpfulness:1,language:1'],
  ['style', '/leaderboard?board=helpfulness&style=1'],
  ['davidson', '/leaderboard?method=davidson'],
  ['elo', '/leaderboard?board=language&method=elo'],
  ['slice', '/leaderboard?language=de'],
  ['disagree', '/leaderboard?view=disagree'],
  ['matrix', '/leaderboard?view=matrix&board=language'],
  ['history', '/leaderboard?view=history'],
  ['history-of-several', '/leaderboard?view=history&board=accuracy'],
  ['method', '/method'],
] as const

describe.skipIf(SKIP_BROWSER)('the leaderboard in a real browser, over a simulated past', () => {
  let simulated: SimulatedArena
  let url: string
  let browser: Browser
  let contexts: BrowserContext[] = []

  beforeAll(async () => {
    simulated = await startSimulatedArena(9, 4000)
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

  async function open(path: string, viewport = WIDE) {
    const context = await browser.newContext({
      viewport,
      colorScheme: 'light',
      acceptDownloads: true,
      hasTouch: viewport === NARROW,
    })
    contexts.push(context)
    const page = await context.newPage()
    const complaints = watch(page, url)
    await page.goto(`${url}${path}`)
    return { page, complaints }
  }

  /** Waits until the arena's boards are there, and what is drawn of them. */
  async function arrived(page: Page): Promise<void> {
    const status = page.getByTestId('board-version')
    await expect.poll(() => status.getAttribute('data-from'), { timeout: 20_000 }).not.toBeNull()
    await expect
      .poll(() => page.locator('.board-view[aria-busy=true], .history-loading').count())
      .toBe(0)
  }

  /** Has a page write down when it first showed a model with so many votes. */
  async function noteArrivals(page: Page, slug: string): Promise<void> {
    await page.evaluate(`
      window.arrivals = {}
      const note = () => {
        const votes = document.querySelector('[data-slug="${slug}"]')?.dataset.votes
        if (votes !== undefined) window.arrivals[votes] ??= Date.now()
      }
      const options = { subtree: true, childList: true, attributeFilter: ['data-votes'] }
      new MutationObserver(note).observe(document.body, options)
    `)
  }

  async function boardOf(query: string): Promise<Board> {
    return (await (await fetch(`${url}/api/v1/leaderboard?${query}`)).json()) as Board
  }

  /** Colours that are still changing cannot be measured. */
  async function settled(page: Page): Promise<void> {
    await expect.poll(() => page.evaluate('document.getAnimations().length')).toBe(0)
  }
  const slugs = (page: Page) =>
    page
      .getByTestId('board-row')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-slug')))
  const figures = async (page: Page) =>
    (await page.locator('.rating-figure').allInnerTexts()).map((text) => text.split(/\s/)[0])
  const search = (page: Page) => new URL(page.url()).searchParams
  const overflow = (page: Page) =>
    page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')

  async function picture(page: Page, name: string): Promise<void> {
    if (SCREENSHOTS === undefined) return
    mkdirSync(SCREENSHOTS, { recursive: true })
    for (const scheme of ['light', 'dark'] as const) {
      for (const viewport of [WIDE, NARROW]) {
        await page.emulateMedia({ colorScheme: scheme })
        await page.setViewportSize(viewport)
        await settled(page)
        const path = join(SCREENSHOTS, `board-${name}-${viewport.width}-${scheme}.png`)
        await page.screenshot({ path })
      }
    }
  }

  test.each(VIEWS)('%s shows itself without a fault, wide and narrow', async (name, path) => {
    const { page, complaints } = await open(path)
    await page.locator('h1').first().waitFor()
    if (path !== '/method') await arrived(page)
    await page.waitForLoadState('networkidle')
    expect(await accessibilityFaults(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    await settled(page)
    expect(await accessibilityFaults(page)).toEqual([])
    await page.setViewportSize(NARROW)
    expect(await accessibilityFaults(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await page.setViewportSize({ width: 320, height: 640 })
    expect(await overflow(page)).toBe(0)
    await picture(page, name)
    expect(complaints).toEqual([])
  })

  test('the page of a model has its ratings, their history, and whom it beats', async () => {
    const board = await boardOf('dimension=overall')
    const { model } = board.rows[2] ?? expect.unreachable('there are models')
    const { page, complaints } = await open(`/models/${model.slug}`)
    await expect
      .poll(() => page.locator('.plot-line .plot-path').count(), { timeout: 30_000 })
      .toBe(3)
    expect(await page.locator('.model-ratings .interval').count()).toBe(4)
    await expect.poll(() => page.locator('.opponents li').count()).toBe(8)
    expect(await accessibilityFaults(page)).toEqual([])
    await page.setViewportSize(NARROW)
    expect(await accessibilityFaults(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await picture(page, 'model')
    expect(complaints).toEqual([])
  })

  test('every model stands in all three dimensions, ordered by any column', async () => {
    const { page, complaints } = await open('/leaderboard')
    await arrived(page)
    const overall = await boardOf('dimension=overall')
    expect(await slugs(page)).toEqual(overall.rows.map((row) => row.model.slug))
    expect(await page.locator('.overview .interval').count()).toBe(3 * overall.rows.length)

    await page.locator('thead button', { hasText: 'Votes' }).click()
    const byVotes = overall.rows.map((row) => row.votes).toSorted((a, b) => b - a)
    expect(
      await page
        .getByTestId('board-row')
        .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-votes')))),
    ).toEqual(byVotes)
    expect(search(page).get('sort')).toBe('votes')
    await page.reload()
    await arrived(page)
    expect(await page.locator('th[aria-sort=descending]').innerText()).toContain('Votes')

    await page.locator('.choice-tabs a', { hasText: 'Accuracy' }).click()
    await page.locator('.single').waitFor()
    const accuracy = await boardOf('dimension=accuracy')
    expect(await slugs(page)).toEqual(accuracy.rows.map((row) => row.model.slug))
    expect(complaints).toEqual([])
  })

  test('on a phone, the rows are sorted by a list of columns', async () => {
    const { page } = await open('/leaderboard', NARROW)
    await arrived(page)
    await page.locator('.sort-select select').selectOption('accuracy')
    const accuracy = await boardOf('dimension=accuracy')
    expect(await slugs(page)).toEqual(accuracy.rows.map((row) => row.model.slug))
    expect(await page.locator('.overview .interval').first().isVisible()).toBe(true)
  })

  test('filters stand in the address and lead to the board of the arena', async () => {
    const { page, complaints } = await open('/leaderboard?board=accuracy')
    await arrived(page)
    await page.locator('.filters summary').click()
    await page.getByLabel('Category').selectOption('code')
    await page.getByLabel('Method').selectOption('davidson')
    expect([...search(page)]).toEqual([
      ['board', 'accuracy'],
      ['category', 'code'],
      ['method', 'davidson'],
    ])
    const board = await boardOf('dimension=accuracy&category=code&method=davidson')
    const status = page.getByTestId('board-version')
    await expect.poll(() => status.getAttribute('data-from')).toBe('arena')
    await expect.poll(() => slugs(page)).toEqual(board.rows.map((row) => row.model.slug))
    await page.reload()
    await arrived(page)
    await expect.poll(() => slugs(page)).toEqual(board.rows.map((row) => row.model.slug))
    await page.locator('.filters summary').click()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    expect([...search(page)]).toEqual([['board', 'accuracy']])
    expect(complaints).toEqual([])
  })

  test('weights are heeded at once, by the browser first and then by the arena', async () => {
    const { page, complaints } = await open('/leaderboard?board=overall')
    await arrived(page)
    await page.locator('.filters summary').click()
    const slider = page.getByRole('slider').first()
    await slider.focus()
    for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight')
    expect(search(page).get('weights')).toBe('accuracy:4,helpfulness:1,language:1')
    const board = await boardOf('weights=accuracy:4,helpfulness:1,language:1')
    const wanted = board.rows.flatMap(({ rating }) =>
      rating === null ? [] : [Math.round(rating).toLocaleString('en')],
    )
    const status = page.getByTestId('board-version')
    await expect.poll(() => status.getAttribute('data-from')).toBe('arena')
    await expect.poll(() => figures(page)).toEqual(wanted)
    expect(complaints).toEqual([])
  })

  test('a board of one’s own is computed here, says so, and has the arena’s numbers', async () => {
    const board = await boardOf('dimension=accuracy')
    const { model, rating } = board.rows[0] ?? expect.unreachable('there is a leader')
    // Anchored where it stands: the same board, but one that the arena does not have.
    const { page, complaints } = await open(
      `/leaderboard?board=accuracy&anchor=${model.slug}:${rating}`,
    )
    await page.getByTestId('computed-here').waitFor()
    expect(await slugs(page)).toEqual(board.rows.map((row) => row.model.slug))
    expect(await figures(page)).toEqual(
      board.rows.flatMap((row) =>
        row.rating === null ? [] : [Math.round(row.rating).toLocaleString('en')],
      ),
    )
    await page.locator('.filters summary').click()
    await page.getByLabel('Leave out a model').selectOption(model.slug)
    await expect.poll(async () => (await slugs(page)).includes(model.slug)).toBe(false)
    expect(await accessibilityFaults(page)).toEqual([])
    expect(complaints).toEqual([])
  })

  test('disagreements are said in a sentence, doubt included', async () => {
    const { page } = await open('/leaderboard?view=disagree')
    await arrived(page)
    const lines = page.getByTestId('disagreement')
    expect(await lines.count()).toBeGreaterThan(3)
    for (const line of await lines.all()) {
      const words = await line.innerText()
      const clear = (await line.getAttribute('data-clear')) !== null
      if (clear) expect(words).toContain('a clear difference')
      else expect(words).toMatch(/no clear disagreement|in all three/)
    }
    await page.getByRole('radio', { name: 'Points' }).check()
    expect(search(page).get('spread')).toBe('points')
    expect(await lines.first().innerText()).toMatch(/points? more in/)
  })

  test('the matrix is walked by keyboard and leads to the battles of a pair', async () => {
    const { page, complaints } = await open('/leaderboard?view=matrix&board=accuracy')
    await page.locator('[data-at="0:1"]').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    const details = page.getByTestId('matrix-details')
    const board = await boardOf('dimension=accuracy')
    const [, second, third] = board.rows
    expect(await details.innerText()).toContain(
      `${third?.model.name} against ${second?.model.name}`,
    )
    expect(await details.innerText()).toMatch(/\d+ won, \d+ lost, \d+ tied, \d+ both bad/)
    expect(await details.innerText()).toMatch(/predicted \d+%/)
    const odds = page.getByTestId('odds')
    await odds.getByLabel('Second model').selectOption(third?.model.slug ?? '')
    await expect.poll(() => odds.getByRole('img').count()).toBe(3)
    await page.locator('[data-at="2:1"]').focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/battles\?/)
    expect(search(page).get('model')).toBe(third?.model.slug)
    expect(search(page).get('opponent')).toBe(second?.model.slug)
    await expect
      .poll(() => page.locator('h1').innerText())
      .toBe(`Your battles of ${third?.model.name} against ${second?.model.name}`)
    expect(complaints).toEqual([])
  })

  test('a history has three lines with their bands, and the same as a table', async () => {
    const { page, complaints } = await open('/leaderboard?view=history')
    await expect
      .poll(() => page.locator('.plot-line .plot-path').count(), { timeout: 30_000 })
      .toBe(3)
    expect(await page.locator('.plot-band').count()).toBe(3)
    await page.locator('.history-table summary').click()
    expect(await page.locator('.history-table tbody tr').count()).toBeGreaterThan(5)
    await page.locator('.choice-tabs a', { hasText: 'Language' }).click()
    await expect.poll(() => page.locator('.plot-line .plot-path').count()).toBe(4)
    await page.getByLabel('Add a model').selectOption({ index: 1 })
    await expect.poll(() => page.locator('.plot-line .plot-path').count()).toBe(5)
    expect(search(page).get('models')?.split(',')).toHaveLength(5)
    expect(complaints).toEqual([])
  })

  test('how the numbers are made is one press away and holds the counts', async () => {
    const { page, complaints } = await open('/leaderboard?board=helpfulness&style=1')
    await arrived(page)
    await page.getByRole('button', { name: 'How these numbers are made' }).click()
    const sheet = page.getByTestId('made')
    const board = await boardOf('dimension=helpfulness&style=true')
    const words = await sheet.innerText()
    for (const count of Object.values(board.outcomes)) {
      expect(words).toContain(count.toLocaleString('en'))
    }
    expect(words).toContain('Bold passages')
    expect(await sheet.locator('.katex').count()).toBeGreaterThan(0)
    expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, 'made')
    await page.keyboard.press('Escape')
    expect(await sheet.isVisible()).toBe(false)
    expect(complaints).toEqual([])
  })

  test('what is shown can be taken along as data and as a figure', async () => {
    const { page, complaints } = await open('/leaderboard?board=accuracy')
    await arrived(page)
    const files = page.getByTestId('downloads')
    const take = async (label: string): Promise<Buffer> => {
      const [download]: [Download, void] = await Promise.all([
        page.waitForEvent('download'),
        files.getByText(label).click(),
      ])
      expect(download.suggestedFilename()).toMatch(/^trivium-.*-v\d+\.\w+$/)
      return readFileSync(await download.path())
    }
    const board = await boardOf('dimension=accuracy')
    expect((await take('CSV')).toString().trim().split('\n')).toHaveLength(board.rows.length + 1)
    expect(JSON.parse((await take('JSON')).toString())).toEqual(board)
    expect((await take('SVG')).toString()).toContain('</svg>')
    expect([...(await take('PNG')).subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])

    for (const view of ['?view=matrix', '?view=history', '']) {
      await page.goto(`${url}/leaderboard${view}`)
      await arrived(page)
      await expect.poll(() => files.getByText('SVG').isVisible(), { timeout: 20_000 }).toBe(true)
      expect((await take('SVG')).toString()).toContain('</svg>')
      expect((await take('CSV')).toString().split('\r\n').length).toBeGreaterThan(5)
    }
    expect(await page.locator('.board-cite q').innerText()).toMatch(/version \d+, .*\d{4}/)
    expect(complaints).toEqual([])
  })

  test('the vote of another shows on two boards within a second, and not on one that is paused', async () => {
    const [bot] = simulated.answering
    const first = await open('/leaderboard')
    const second = await open(`/leaderboard?board=accuracy`, NARROW)
    const still = await open('/leaderboard?board=accuracy')
    for (const { page } of [first, second, still]) await arrived(page)
    await still.page.getByRole('button', { name: 'Pause' }).click()

    for (const { page } of [first, second]) await noteArrivals(page, bot)
    const socket = await connect(url, await newVisitor(url))
    const waits: number[] = []
    try {
      for (const n of [1, 2, 3]) {
        const { battleId } = await play(socket)
        await vote(socket, battleId, { accuracy: 'a', helpfulness: 'tie', language: 'skip' })
        const given = Date.now()
        for (const { page } of [first, second]) {
          const shown = () => page.evaluate<number | null>(`window.arrivals[${n}] ?? null`)
          await expect.poll(shown, { timeout: 10_000 }).not.toBeNull()
          waits.push(((await shown()) ?? Number.POSITIVE_INFINITY) - given)
        }
      }
      // By the clocks of the pages; the median, since other programs may take a moment for themselves.
      const [, , , median = Number.POSITIVE_INFINITY] = waits.toSorted((a, b) => a - b)
      expect(median).toBeLessThan(1000)
      await expect
        .poll(() => still.page.locator('.board-live').innerText())
        .toBe('Paused, 3 changes wait')
      expect(await slugs(still.page)).not.toContain(bot)
      await still.page.getByRole('button', { name: 'Go on' }).click()
      expect(await slugs(still.page)).toContain(bot)
      // Who has only won, or only lost, has no number and says why.
      const row = first.page.locator(`[data-slug="${bot}"]`)
      expect(await row.innerText()).toMatch(/Not connected|Never lost|Never won/)
    } finally {
      socket.disconnect()
    }
    for (const { complaints } of [first, second, still]) expect(complaints).toEqual([])
  })
})
