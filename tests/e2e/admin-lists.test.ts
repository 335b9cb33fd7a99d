import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../server/paths.ts'
import { ADMIN_TOKEN, startArena, type TestArena } from '../support/arena/arena.ts'
import { connect, newVisitor } from '../support/arena/client.ts'
import { answers, startMockProvider, type MockProvider } from '../support/arena/mock-provider.ts'
import { begin, VERDICTS, vote } from '../support/arena/stage.ts'
import { accessibilityFaults } from '../support/browser/accessibility.ts'
import { launchBrowser, SKIP_BROWSER, watch } from '../support/browser/browser.ts'

/** Set to a folder to keep pictures of every page, wide and narrow, light and dark. */
const SCREENSHOTS = process.env['TRIVIUM_SCREENSHOTS']

const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 390, height: 844 }
/** What a provider says when it wants to get into the console. */
const HOSTILE = '<img src=x onerror="window.broken=1"> out of order'
const QUESTION = 'What is <b>bold</b>?'

/** As long as a busy machine may need for what a page does after a press. */
const SOON = { timeout: 20_000 }

type Items<T> = { items: T[] }

describe.skipIf(SKIP_BROWSER)('the lists of the console in a real browser', () => {
  let arena: TestArena
  let provider: MockProvider
  let browser: Browser
  let contexts: BrowserContext[] = []
  /** What the pages are opened with: a failure and the battles that it was, and was not, in. */
  let failureId = 0
  let failedBattle = ''
  let votedBattle = ''

  beforeAll(async () => {
    const built = spawnSync(process.execPath, ['scripts/build.mjs'], {
      cwd: PACKAGE_ROOT,
      encoding: 'utf8',
    })
    if (built.status !== 0) throw new Error(built.stderr)
    provider = await startMockProvider()
    arena = await startArena()
    browser = await launchBrowser()
    // With two models the one that fails is in every battle, until it is left out.
    provider.behave('broken', (exchange) =>
      exchange.refuse(500, JSON.stringify({ error: { message: HOSTILE } })),
    )
    await register('broken', 'alpha')
    const isLeftOut = async () =>
      (await read<Items<{ kind: string }>>('/alerts?active=1')).items.some(
        ({ kind }) => kind === 'failing',
      )
    while (!(await isLeftOut())) await play()
    provider.behave('beta', answers('# Title\n\n<img src=x onerror="window.broken=1"> **bold**'))
    await register('beta', 'gamma', 'delta')
    votedBattle = await play(true)
    const [failure] = (await read<Items<{ id: number; battleId: string }>>('/failures')).items
    failureId = failure?.id ?? 0
    failedBattle = failure?.battleId ?? ''
  })

  afterEach(async () => {
    for (const context of contexts) await context.close()
    contexts = []
  })

  afterAll(async () => {
    await browser?.close()
    await arena?.close()
    await arena?.remove()
    await provider?.close()
  })

  async function register(...slugs: string[]): Promise<void> {
    for (const slug of slugs) await arena.register(slug, provider.baseUrl)
  }

  async function read<T>(path: string): Promise<T> {
    return (await (await arena.admin('GET', `/api/v1/admin${path}`)).json()) as T
  }

  /** Has a battle played to its end, and judged where that is wanted. */
  async function play(judged = false): Promise<string> {
    const socket = await connect(arena.url, await newVisitor(arena.url))
    const { battleId, heard } = await begin(socket, QUESTION)
    await heard.bothEnded()
    if (judged) await vote(socket, battleId, VERDICTS)
    socket.close()
    return battleId
  }

  /** A page of somebody who has signed in. */
  async function open(path: string, token = ADMIN_TOKEN) {
    const context = await browser.newContext({
      viewport: WIDE,
      colorScheme: 'light',
      acceptDownloads: true,
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    contexts.push(context)
    const signedIn = await context.request.post(`${arena.url}/api/v1/admin/session`, {
      data: { token },
    })
    expect(signedIn.status()).toBe(200)
    const page = await context.newPage()
    const complaints = watch(page, arena.url)
    await page.goto(`${arena.url}${path}`)
    return { page, complaints }
  }

  const overflow = (page: Page) =>
    page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  const settled = async (page: Page) => {
    await expect.poll(() => page.evaluate('document.getAnimations().length'), SOON).toBe(0)
  }
  const textOf = async (locator: Locator) => (await locator.innerText()).replaceAll(/\s+/g, ' ')

  async function picture(page: Page, name: string): Promise<void> {
    if (SCREENSHOTS === undefined) return
    mkdirSync(SCREENSHOTS, { recursive: true })
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const viewport of [WIDE, NARROW]) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize(viewport)
        await settled(page)
        const path = join(SCREENSHOTS, `admin-${name}-${viewport.width}-${colorScheme}.png`)
        await page.screenshot({ path })
      }
    }
    await page.setViewportSize(WIDE)
  }

  const PAGES = [
    ['weights', '/admin/weights', '[data-testid=pair-matrix]'],
    ['exchange', '/admin/exchange', '.file-drop'],
    ['failures', '/admin/failures', '[data-testid=failure-list] li'],
    ['failure', '/admin/failures/:failure', '[data-testid=failure]'],
    ['battles', '/admin/battles', '[data-testid=battle-list] li'],
    ['failed-battle', '/admin/battles/:failed', '.battle-answer'],
    ['voted-battle', '/admin/battles/:voted', '.battle-judged li'],
    ['alerts', '/admin/alerts', '[data-testid=alert-list] li'],
    ['audit', '/admin/audit', '[data-testid=audit-list] li'],
    ['tokens', '/admin/tokens', '[data-testid=token-list] li'],
  ] as const

  test.each(PAGES)('%s shows itself without a fault, wide and narrow', async (name, at, there) => {
    const path = at
      .replace(':failure', String(failureId))
      .replace(':failed', failedBattle)
      .replace(':voted', votedBattle)
    const { page, complaints } = await open(path)
    await page.locator(there).first().waitFor()
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
    // What models and providers wrote was shown, not run.
    expect(await page.locator('main img').count()).toBe(0)
    expect(await page.evaluate('window.broken')).toBeUndefined()
    expect(complaints).toEqual([])
  })

  test('weights show what the draw becomes, are saved, and taken back', async () => {
    const { page, complaints } = await open('/admin/weights')
    const row = page.locator('.weight-row[data-slug=alpha]')
    const weight = row.getByRole('textbox')
    const save = page.getByRole('button', { name: /^Save/ })
    const share = row.locator('.weight-share')
    await expect.poll(() => share.innerText(), SOON).toMatch(/%/)
    // The one that fails is out of the draw, unless one looks beyond that.
    const broken = page.locator('.weight-row[data-slug=broken] .weight-share')
    expect(await textOf(broken)).toContain('0%')
    await page.getByRole('checkbox').first().check()
    await expect.poll(() => textOf(broken), SOON).not.toMatch(/^0%/)
    await page.getByRole('checkbox').first().uncheck()
    await expect.poll(() => textOf(broken), SOON).toMatch(/^0%/)

    await weight.fill('many')
    expect(await weight.getAttribute('aria-invalid')).toBe('true')
    expect(await save.isDisabled()).toBe(true)
    await weight.fill('4')
    await expect.poll(() => share.innerText(), SOON).toContain('→')
    const [now = 0, then = 0] = [...(await share.innerText()).matchAll(/(\d+)%/g)]
      .slice(-2)
      .map(([, percent]) => Number(percent))
    expect(then).toBeGreaterThan(now)
    expect(await page.locator('.pair-matrix tbody tr').count()).toBe(4)
    await picture(page, 'weights-changed')
    expect(await accessibilityFaults(page)).toEqual([])

    // Whoever leaves is asked first, and may stay.
    const asked: string[] = []
    page.once('dialog', (dialog) => {
      asked.push(dialog.message())
      void dialog.dismiss()
    })
    await page.getByRole('link', { name: 'Tokens' }).click()
    await expect.poll(() => asked.length, SOON).toBe(1)
    expect(new URL(page.url()).pathname).toBe('/admin/weights')
    expect(await weight.inputValue()).toBe('4')

    // The slider is the same weight, by keyboard too.
    const slider = page.locator('.weight-row[data-slug=beta]').getByRole('slider')
    await slider.focus()
    await page.keyboard.press('Home')
    expect(await slider.getAttribute('aria-valuetext')).toBe('0')

    const weights = async () =>
      (await read<Items<{ slug: string; weight: number }>>('/models')).items
        .filter((model) => ['alpha', 'beta', 'gamma'].includes(model.slug))
        .map((model) => model.weight)
    const changesBefore = (await read<Items<unknown>>('/audit?action=model.change')).items.length
    await save.click()
    const report = page.getByTestId('save-report')
    await report.waitFor()
    expect(await report.locator('li').count()).toBe(2)
    expect(await weights()).toEqual([4, 0, 1])
    const changes = (await read<Items<unknown>>('/audit?action=model.change')).items.length
    expect(changes - changesBefore).toBe(2)
    await picture(page, 'weights-saved')
    await report.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(weights, SOON).toEqual([1, 1, 1])
    await expect.poll(() => weight.inputValue(), SOON).toBe('1')
    expect(complaints).toEqual([])
  })

  test('an export is a file without keys, and an import is checked before it registers', async () => {
    const { page, complaints } = await open('/admin/exchange')
    const text = page.locator('.import-text textarea')
    const result = page.getByTestId('import-result')
    const model = (slug: string, name: string) => ({
      slug,
      name,
      organization: 'Maker',
      license: 'MIT',
      provider: {
        kind: 'openai-compatible',
        baseUrl: provider.baseUrl,
        model: slug,
        apiKey: 'sk-canary-of-an-import',
      },
    })
    const file = (...models: object[]) => JSON.stringify({ models })

    await text.fill(file(model('imported', 'Imported'), model('Wrong Slug', 'Wrong')))
    await page.getByRole('button', { name: 'Check' }).click()
    await result.waitFor()
    const entries = result.locator('.import-entry')
    expect(await entries.count()).toBe(2)
    expect(await textOf(entries.nth(1))).toContain('slug')
    expect(await result.getByRole('button').count()).toBe(0)
    await result.scrollIntoViewIfNeeded()
    await picture(page, 'import-refused')
    expect(await accessibilityFaults(page)).toEqual([])

    // A file is checked as soon as it is there; nothing is registered by that.
    await page.locator('input[type=file]').setInputFiles({
      name: 'models.json',
      mimeType: 'application/json',
      buffer: Buffer.from(file(model('imported', 'Imported'), model('alpha', 'In use'))),
    })
    const register = result.getByRole('button', { name: 'Register 1 model' })
    await register.waitFor()
    await picture(page, 'import-checked')
    expect((await arena.admin('GET', '/api/v1/admin/models/imported')).status).toBe(404)
    await register.click()
    await result.getByRole('link', { name: 'imported' }).waitFor()
    expect((await arena.admin('GET', '/api/v1/admin/models/imported')).status).toBe(200)
    // What may hold keys is gone from the page.
    expect(await text.inputValue()).toBe('')

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'YAML' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('models.yaml')
    const chunks: Buffer[] = []
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer)
    const yaml = Buffer.concat(chunks).toString('utf8')
    expect(yaml).toContain('slug: imported')
    expect(yaml).not.toContain('canary')
    expect(complaints).toEqual([])
    await arena.admin('DELETE', '/api/v1/admin/models/imported')
  })

  test('failures are filtered in the address, open to their requests, and new ones are marked', async () => {
    const { page, complaints } = await open('/admin/failures')
    const list = page.getByTestId('failure-list')
    await list.waitFor()
    await page.getByLabel('Model').selectOption('gamma')
    await page.locator('.list-empty').waitFor()
    expect(new URL(page.url()).searchParams.get('model')).toBe('gamma')
    await page.reload()
    await page.locator('.list-empty').waitFor()
    await page.getByLabel('Model').selectOption('broken')
    await page.getByLabel('Kind').selectOption('http-status')
    await list.getByRole('link').first().click()
    const failure = page.getByTestId('failure')
    await failure.waitFor()
    expect(await textOf(failure)).toContain('HTTP 500')
    expect(await textOf(failure.locator('.code-text').last())).toBe(QUESTION)
    await failure.getByRole('button', { name: 'Copy request as JSON' }).click()
    const clipboard = await page.evaluate<string>('navigator.clipboard.readText()')
    const copied = JSON.parse(clipboard) as { provider: object }
    expect(copied.provider).toMatchObject({ kind: 'openai-compatible', model: 'broken' })
    // The way back keeps the filters.
    await page.getByRole('link', { name: 'All failures' }).click()
    await list.waitFor()
    expect(new URL(page.url()).search).toBe('?model=broken&kind=http-status')
    await page.goBack()
    await failure.getByRole('link', { name: /question 1/ }).click()
    await page.getByTestId('admin-battle').waitFor()
    expect(await page.locator('.battle-answer').count()).toBe(2)

    await page.goto(`${arena.url}/admin/failures`)
    await list.waitFor()
    const before = await list.locator('li').count()
    provider.behave('delta', (exchange) => exchange.refuse(503))
    await arena.admin('PATCH', '/api/v1/admin/models/delta', { weight: 1000 })
    const failuresOf = async () =>
      (await read<Items<unknown>>('/failures?model=delta')).items.length
    while ((await failuresOf()) === 0) await play()
    await expect.poll(() => list.locator('li').count(), SOON).toBeGreaterThan(before)
    expect(await list.locator('li[data-fresh]').count()).toBeGreaterThan(0)
    await picture(page, 'failures-fresh')
    expect(complaints).toEqual([])
    provider.behave('delta', answers('Fine again.'))
    await arena.admin('PATCH', '/api/v1/admin/models/delta', { weight: 1 })
  })

  test('battles are filtered by who took part and how they ended', async () => {
    const { page, complaints } = await open('/admin/battles?model=broken&end=error')
    const list = page.getByTestId('battle-list')
    await list.waitFor()
    const { items } = await read<Items<unknown>>('/battles?model=broken&end=error')
    expect(await list.locator('li').count()).toBe(items.length)
    await page.getByLabel('Judged').selectOption('1')
    await page.locator('.list-empty').waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await page.getByLabel('Judged').selectOption('1')
    await expect.poll(() => list.locator('li').count(), SOON).toBe(1)
    await list.getByRole('link').click()
    const battle = page.getByTestId('admin-battle')
    await battle.waitFor()
    expect(await battle.locator('.battle-judged li').count()).toBe(3)
    expect(await textOf(battle.locator('.battle-prompt'))).toBe(QUESTION)
    expect(complaints).toEqual([])
  })

  test('an alert is acknowledged by name', async () => {
    const { page, complaints } = await open('/admin/alerts')
    const row = page
      .getByTestId('alert-list')
      .first()
      .locator('li')
      .filter({ hasText: 'broken' })
      .last()
    await row.getByRole('button', { name: /Acknowledge/ }).click()
    await expect.poll(() => row.innerText(), SOON).toContain('acknowledged by ADMIN_TOKEN')
    const { items } = await read<Items<{ acknowledgedBy: string | null; model: string }>>('/alerts')
    const taken = items.filter(({ acknowledgedBy }) => acknowledgedBy?.includes('ADMIN_TOKEN'))
    expect(taken.map(({ model }) => model)).toEqual(['broken'])
    expect(await page.locator('main').innerText()).toContain('ALERT_WEBHOOK_URL')
    expect(complaints).toEqual([])
  })

  test('a token is shown once and revoked by its name', async () => {
    const { page, complaints } = await open('/admin/tokens')
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Night shift')
    await page.getByLabel(/^read/).check()
    await page.getByRole('button', { name: 'Create token' }).click()
    const shown = page.getByTestId('shown-token')
    await shown.waitFor()
    const token = await textOf(shown.locator('pre'))
    expect(token).toMatch(/^trv_[\w-]{43}$/)
    expect(await shown.locator('h2').evaluate((node) => node === document.activeElement)).toBe(true)
    await picture(page, 'token-shown')
    expect(await accessibilityFaults(page)).toEqual([])
    const knows = async () =>
      (
        await fetch(`${arena.url}/api/v1/admin/models`, {
          headers: { authorization: `Bearer ${token}` },
        })
      ).status
    expect(await knows()).toBe(403)
    await page.reload()
    await page.getByTestId('token-list').waitFor()
    expect(await page.content()).not.toContain(token)

    await page.getByRole('button', { name: 'Revoke Night shift' }).click()
    const dialog = page.getByRole('dialog')
    const confirm = dialog.getByRole('button', { name: 'Revoke', exact: true })
    await dialog.getByRole('textbox').fill('Night')
    expect(await confirm.isDisabled()).toBe(true)
    await picture(page, 'token-revoke')
    await dialog.getByRole('textbox').fill('Night shift')
    await confirm.click()
    await dialog.waitFor({ state: 'hidden' })
    await expect.poll(knows, SOON).toBe(401)
    // The one of this session is marked.
    const own = page.locator('.token-row', { hasText: 'ADMIN_TOKEN' })
    expect(await textOf(own)).toContain('This session')
    expect(complaints).toEqual([])
  })

  test('the audit log tells what became of what, and is filtered in the address', async () => {
    await arena.admin('PATCH', '/api/v1/admin/models/gamma', { license: 'Apache-2.0' })
    const { page, complaints } = await open('/admin/audit')
    const list = page.getByTestId('audit-list')
    await list.waitFor()
    await page.getByLabel('Action').selectOption('model.change')
    await page.getByLabel('Subject').fill('gamma')
    await page.keyboard.press('Enter')
    await expect.poll(() => list.locator('li').count(), SOON).toBe(1)
    expect(new URL(page.url()).search).toBe('?action=model.change&subject=gamma')
    expect(await textOf(list.locator('dl'))).toContain('MIT → became Apache-2.0')
    expect(complaints).toEqual([])
  })

  test('an operator sees weights and may not save them, and no tokens at all', async () => {
    const created = await arena.admin('POST', '/api/v1/admin/tokens', {
      name: 'On call',
      scope: 'operator',
    })
    const { token } = (await created.json()) as { token: string }
    const { page, complaints } = await open('/admin/weights', token)
    await page.locator('.weight-row[data-slug=alpha]').getByRole('textbox').fill('2')
    const bar = page.locator('.save-acts')
    expect(await bar.getByRole('button').last().isDisabled()).toBe(true)
    expect(await textOf(bar)).toContain('scope “admin”')
    await page.goto(`${arena.url}/admin/failures`)
    await page.getByTestId('failure-list').waitFor()
    expect(await page.getByTestId('failure-list').getByRole('link').count()).toBe(0)
    expect(complaints).toEqual([])
  })
})
