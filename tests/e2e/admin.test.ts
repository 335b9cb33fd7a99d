import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { AdminModel } from '../../shared/schemas/model.ts'
import { FAILURES_TO_OPEN } from '../../server/models/breaker.ts'
import { PACKAGE_ROOT } from '../../server/paths.ts'
import { ADMIN_TOKEN, startArena, type TestArena } from '../support/arena/arena.ts'
import { connect, newVisitor } from '../support/arena/client.ts'
import { answers, startMockProvider, type MockProvider } from '../support/arena/mock-provider.ts'
import { begin } from '../support/arena/stage.ts'
import { accessibilityFaults } from '../support/browser/accessibility.ts'
import { launchBrowser, SKIP_BROWSER, watch } from '../support/browser/browser.ts'

/** Set to a folder to keep pictures of every page, wide and narrow, light and dark. */
const SCREENSHOTS = process.env['TRIVIUM_SCREENSHOTS']

const WIDE = { width: 1440, height: 900 }
/** How long a model that failed waits until it is asked again. */
const RETRY_MS = 500
const KEY = 'sk-canary-of-the-wizard-0123456789'
const HOSTILE = '<img src=x onerror="window.broken=1">'

describe.skipIf(SKIP_BROWSER)('the console in a real browser', () => {
  let arena: TestArena
  let provider: MockProvider
  let browser: Browser
  let contexts: BrowserContext[] = []

  beforeAll(async () => {
    const built = spawnSync(process.execPath, ['scripts/build.mjs'], {
      cwd: PACKAGE_ROOT,
      encoding: 'utf8',
    })
    if (built.status !== 0) throw new Error(built.stderr)
    provider = await startMockProvider()
    arena = await startArena({
      BREAKER_RETRY_MS: String(RETRY_MS),
      PROBE_INTERVAL_SECONDS: '0',
    })
    browser = await launchBrowser()
    await arena.register('steady', provider.baseUrl)
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

  async function open(path: string, viewport = WIDE) {
    const context = await browser.newContext({ viewport, colorScheme: 'light' })
    contexts.push(context)
    const page = await context.newPage()
    const complaints = watch(page, arena.url)
    await page.goto(`${arena.url}${path}`)
    return { page, complaints }
  }

  async function signIn(page: Page, token = ADMIN_TOKEN): Promise<void> {
    await page.locator('#admin-token').fill(token)
    await page.keyboard.press('Enter')
  }

  const modelOf = async (slug: string) =>
    (await (await arena.admin('GET', `/api/v1/admin/models/${slug}`)).json()) as AdminModel

  const status = (page: Page, wanted: string) =>
    page.locator(`[data-testid=model-status][data-status=${wanted}]`).waitFor()

  /** A battle between whoever can be drawn, to its end. */
  async function play(): Promise<void> {
    const socket = await connect(arena.url, await newVisitor(arena.url))
    const { heard } = await begin(socket, 'How are you?')
    await heard.bothEnded()
    socket.close()
  }

  const overflow = (page: Page) =>
    page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')

  /** No fault of accessibility in either scheme, and nothing beside the page on small ones. */
  async function expectSound(page: Page, name: string): Promise<void> {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const width of [320, 390, 1440]) {
        await page.setViewportSize({ width, height: width === 1440 ? 900 : 844 })
        expect(await overflow(page), `${name} at ${width}`).toBe(0)
        if (width !== 320 && SCREENSHOTS !== undefined) {
          mkdirSync(SCREENSHOTS, { recursive: true })
          const path = join(SCREENSHOTS, `admin-${name}-${width}-${colorScheme}.png`)
          await page.screenshot({ path })
        }
      }
      await expect.poll(() => page.evaluate('document.getAnimations().length')).toBe(0)
      expect(await accessibilityFaults(page)).toEqual([])
    }
  }

  test('a model’s whole life: added, battling, failing, back, retired, and all of it in the log', async () => {
    provider.behave('fickle', answers(HOSTILE, ' I am fickle.'))
    const { page, complaints } = await open('/admin')
    await page.getByLabel('Token', { exact: true }).waitFor()
    await expectSound(page, 'sign-in')
    await signIn(page, 'no-such-token')
    await page.getByRole('alert').filter({ hasText: 'no such token' }).waitFor()
    await signIn(page)
    await page.getByTestId('model-row').waitFor()

    // Added, by the wizard, after a sample answer.
    await page.getByRole('link', { name: 'Add a model' }).click()
    await page.getByRole('radio', { name: 'Another, OpenAI-compatible' }).check()
    await page.getByLabel('Base address').fill(provider.baseUrl)
    await page.getByLabel('Model id there').fill('fickle')
    await page.getByLabel('Key', { exact: false }).first().fill(KEY)
    expect(await page.getByLabel('Slug').inputValue()).toBe('fickle')
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.locator('[data-testid=try][data-phase=answered]').waitFor()
    expect(await page.getByTestId('try').innerText()).toContain(`${HOSTILE} I am fickle.`)
    await expectSound(page, 'wizard')

    // What is missing is said at its field, which has the focus then.
    await page.getByTestId('register').click()
    await page.locator('#field-organization[aria-invalid=true]').waitFor()
    expect(await page.evaluate('document.activeElement?.id')).toBe('field-organization')
    await page.getByLabel('Organisation').fill('Weathervane')
    await page.getByLabel('Licence').fill('MIT')
    await page.getByLabel('Temperature').fill('3')
    await page.getByTestId('register').click()
    await page.locator('#field-sampling-temperature[aria-invalid=true]').waitFor()
    expect(await page.evaluate('document.activeElement?.id')).toBe('field-sampling-temperature')
    await page.getByLabel('Temperature').fill('')
    await page.getByTestId('register').click()
    await page.waitForURL('**/admin/models/fickle')
    await status(page, 'ready')
    expect(provider.requests.some(({ headers }) => headers.authorization === `Bearer ${KEY}`)).toBe(
      true,
    )
    expect(await page.content()).not.toContain(KEY)

    // It battles: asked, judged and revealed in the same browser.
    await page.getByRole('link', { name: 'Arena', exact: true }).click()
    await page.getByTestId('prompt').fill('How are you?')
    await page.keyboard.press('Enter')
    const judge = page.locator('[data-testid=verdict-accuracy] input[value=tie]')
    await expect.poll(() => judge.isEnabled(), { timeout: 30_000 }).toBe(true)
    for (const row of ['accuracy', 'helpfulness', 'language']) {
      await page.locator(`[data-testid=verdict-${row}] label`).nth(1).click()
    }
    await page.getByTestId('send-vote').click()
    await page.getByTestId('reveal').waitFor()
    expect(await page.getByTestId('reveal').innerText()).toContain('fickle')

    // It fails eight times in a row, and is left out; the page says so by itself.
    await page.goto(`${arena.url}/admin/models/fickle`)
    await status(page, 'ready')
    provider.behave('fickle', (exchange) => exchange.refuse(503, HOSTILE))
    for (let i = 0; i < FAILURES_TO_OPEN; i += 1) await play()
    await status(page, 'failing')
    expect(await page.getByTestId('breaker').getAttribute('data-breaker')).toBe('open')
    await page.locator('.admin-badge').waitFor({ timeout: 30_000 })
    await expectSound(page, 'model-failing')
    await page.getByRole('link', { name: 'All models' }).click()
    await page.locator('[data-slug=fickle][data-status=failing]').waitFor()
    await expectSound(page, 'models')

    // It answers again: asked, then on trial, then back.
    provider.behave('fickle', answers('Better ', 'now.'))
    await page.locator('[data-slug=fickle][data-status=on-trial]').waitFor({ timeout: 60_000 })
    await play()
    await page.locator('[data-slug=fickle][data-status=ready]').waitFor()
    expect((await modelOf('fickle')).health.breaker).toBe('closed')

    // Retired, confirmed by its slug.
    await page.locator('[data-slug=fickle]').getByRole('link').click()
    await page.getByRole('button', { name: 'Retire …' }).click()
    await page.getByLabel('Reason, for everybody').fill('It turned with every wind.')
    await page.getByTestId('confirm-slug').fill('fickly')
    await page.getByRole('button', { name: 'Retire for ever' }).click()
    await page.getByRole('alert').filter({ hasText: 'not its slug' }).waitFor()
    expect((await modelOf('fickle')).retired).toBeNull()
    await page.getByTestId('confirm-slug').fill('fickle')
    await page.getByRole('button', { name: 'Retire for ever' }).click()
    await status(page, 'retired')
    await page.getByRole('link', { name: 'All models' }).click()
    await page.locator('[data-slug=steady]').waitFor()
    expect(await page.locator('[data-slug=fickle]').count()).toBe(0)

    // And the log has it all.
    await page.goto(`${arena.url}/admin/audit?subject=${encodeURIComponent('model fickle')}`)
    await page.locator('[data-testid=audit-list] li').first().waitFor()
    const log = await page.locator('[data-testid=audit-list] .audit-action').allInnerTexts()
    expect(log).toEqual(['model.retire', 'model.back', 'model.failing', 'model.register'])
    expect(await page.getByTestId('audit-list').innerText()).not.toContain(KEY)
    expect(await page.evaluate('window.broken')).toBeUndefined()
    // The browser itself tells of the sign-in that was refused.
    const expected = /401|422/
    expect(complaints.filter((each) => !expected.test(each))).toEqual([])
  })

  test('a pause is told, undone and seen in the table', async () => {
    const { page, complaints } = await open('/admin')
    await signIn(page)
    const row = page.locator('[data-slug=steady]')
    await row.waitFor()
    await row.getByRole('button', { name: /^Pause/ }).click()
    await page.keyboard.type('Too dear')
    await expectSound(page, 'pause')
    await page.keyboard.press('Enter')
    await page.locator('[data-slug=steady][data-status=paused]').waitFor()
    expect(await row.innerText()).toContain('Too dear')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.locator('[data-slug=steady][data-status=ready]').waitFor()
    await page.getByRole('button', { name: 'Test all' }).click()
    await row.getByText(/^ok/).waitFor()
    expect(complaints.filter((each) => !each.includes('401'))).toEqual([])
  })

  test('a session that ends in the middle of a form keeps what was typed', async () => {
    const { page } = await open('/admin/new')
    await signIn(page)
    await page.getByLabel('Name', { exact: false }).first().fill('Half a name')
    await page.context().clearCookies()
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByLabel('Model id there').fill('anything')
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByText('Your session has ended').waitFor()
    await signIn(page)
    await page.getByLabel('Model id there').waitFor()
    expect(await page.locator('#field-name').inputValue()).toBe('Half a name')
    expect(page.url()).toBe(`${arena.url}/admin/new`)
  })

  test('what was typed outlives a revoked token, and all that is refused is shown at once', async () => {
    const made = await arena.admin('POST', '/api/v1/admin/tokens', {
      name: 'day shift',
      scope: 'admin',
    })
    const { id, token } = (await made.json()) as { id: string; token: string }
    const { page } = await open('/admin/new')
    await signIn(page, token)
    await page.getByRole('radio', { name: 'Another, OpenAI-compatible' }).check()
    await page.getByLabel('Base address').fill(provider.baseUrl)
    await page.getByLabel('Model id there').fill('half')
    await page.getByLabel('Organisation').fill('Weathervane')
    await page.getByLabel('Licence').fill('MIT')
    await page.getByLabel('Temperature').fill('3')
    await page.locator('#field-links').fill('Card ftp://example.com/')
    await page.locator('#field-prices-inputPerMillion').fill('1')
    await arena.admin('DELETE', `/api/v1/admin/tokens/${id}`)
    await page.getByTestId('register').click()
    await page.getByText('Your session has ended').waitFor()
    await signIn(page)
    await page.getByTestId('register').click()
    const wrong = page.locator('.wizard [aria-invalid=true]')
    await expect
      .poll(() => wrong.evaluateAll((fields) => fields.map(({ id: field }) => field)))
      .toEqual(['field-links', 'field-sampling-temperature', 'field-prices-outputPerMillion'])
    expect(await page.evaluate('document.activeElement?.id')).toBe('field-links')
    expect(await page.locator('#field-links-fault').innerText()).toContain('Link 1')
  })

  test('on a phone the present tab is in sight, and few models are told of', async () => {
    const { page } = await open('/admin/tokens', { width: 390, height: 844 })
    await signIn(page)
    const tab = page.locator('.admin-nav [aria-current=page]')
    await tab.waitFor()
    const { x = -1, width = 0 } = (await tab.boundingBox()) ?? {}
    expect(x).toBeGreaterThanOrEqual(0)
    expect(x + width).toBeLessThanOrEqual(390)
    await page.goto(`${arena.url}/admin`)
    await page.getByTestId('few-models').waitFor()
    await expectSound(page, 'few-models')
    // A visitor is told less.
    await page.goto(arena.url)
    await page.getByText('No battle can start now').waitFor()
    const main = await page.locator('main').innerText()
    expect(main).toContain('come back later')
    expect(main).not.toContain('npm')
    await page.getByRole('link', { name: 'For operators' }).click()
    await page.getByTestId('few-models').waitFor()
  })

  test('a form that was begun is not left unasked, by a link or by going back', async () => {
    const { page } = await open('/admin')
    await signIn(page)
    await page.getByRole('link', { name: 'Add a model' }).click()
    await page.locator('#field-name').fill('Half a name')
    const asked: string[] = []
    let leave = false
    page.on('dialog', (dialog) => {
      asked.push(dialog.type())
      void (leave ? dialog.accept() : dialog.dismiss())
    })
    await page.getByRole('link', { name: 'Weights' }).click()
    await page.evaluate('history.back()')
    await expect.poll(() => asked.length).toBe(2)
    await expect.poll(() => page.url()).toBe(`${arena.url}/admin/new`)
    expect(await page.locator('#field-name').inputValue()).toBe('Half a name')
    leave = true
    await page.evaluate('history.back()')
    await page.getByTestId('model-row').first().waitFor()
    expect(asked).toEqual(['confirm', 'confirm', 'confirm'])
    expect(page.url()).toBe(`${arena.url}/admin`)
  })

  test('a token finds only what it may do', async () => {
    const made = await arena.admin('POST', '/api/v1/admin/tokens', {
      name: 'night shift',
      scope: 'operator',
    })
    const { token } = (await made.json()) as { token: string }
    const { page } = await open('/admin/models/steady')
    await signIn(page, token)
    await status(page, 'ready')
    expect(await page.getByRole('button', { name: 'Retire …' }).isDisabled()).toBe(true)
    expect(await page.getByRole('button', { name: 'Pause …' }).isEnabled()).toBe(true)
    expect(await page.locator('#field-name').getAttribute('readonly')).not.toBeNull()
    expect(await page.getByTestId('save').count()).toBe(0)
    expect(await page.locator('.admin-nav nav a').allInnerTexts()).not.toContain('Audit log')
    await expectSound(page, 'model-operator')
    await page.goto(`${arena.url}/admin/tokens`)
    await page.getByText('needs a token of scope “admin”').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are signed out').waitFor()
  })
})
