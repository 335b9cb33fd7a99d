// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { AnswerBlocks } from '../../../../client/markdown/answer-blocks.tsx'
import { render } from '../support.ts'

// KaTeX refuses to draw in quirks mode, and this document has no doctype.
vi.hoisted(() => Object.defineProperty(document, 'compatMode', { value: 'CSS1Compat' }))

let cleanUp: (() => void) | undefined
afterEach(() => cleanUp?.())

async function show(text: string, live = false): Promise<HTMLElement> {
  const { container, unmount } = await render(<AnswerBlocks text={text} live={live} />)
  cleanUp = unmount
  return container
}

const FORBIDDEN =
  /^(?:script|iframe|object|embed|svg|math|style|link|meta|base|form|img|video|audio|details)$/

/** Everything through which a text could act, load or lead somewhere it should not. */
function dangers(container: HTMLElement): string[] {
  const found: string[] = []
  for (const element of container.querySelectorAll('*')) {
    // What KaTeX draws has its own elements and styles; what acts or leads is forbidden there too.
    const ours = element.closest('.katex, button') !== null
    if (FORBIDDEN.test(element.localName) && !ours) found.push(element.localName)
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on')) found.push(name)
      if (/^(?:src|srcset|srcdoc|formaction|xlink:href)$/.test(name)) found.push(name)
      if (name === 'style' && (!ours || /fixed|url/.test(value))) found.push(value)
      if (name === 'href' && !/^(?:https?:|mailto:)/.test(value)) found.push(value)
    }
  }
  return found
}

const ATTACKS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)><circle/></svg>',
  '<svg><script>alert(1)</script></svg>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="#" onclick="alert(1)">x</a>',
  '<style>body{display:none}</style>',
  '<link rel=stylesheet href=//evil.example>',
  '<meta http-equiv=refresh content="0;url=//evil.example">',
  '<form action=//evil.example><input name=x></form>',
  '<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>',
  '<details open ontoggle=alert(1)>',
  '<div style="position:fixed;inset:0">over</div>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\nscript:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](  javascript:alert(1))',
  '[x](vbscript:msgbox(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](file:///etc/passwd)',
  '[x](//evil.example)',
  '[x](/api/v1/admin/models)',
  '<javascript:alert(1)>',
  '![x](javascript:alert(1))',
  '![x](data:image/svg+xml,<svg onload=alert(1)>)',
  '![x](https://evil.example/track.png)',
  '![x](https://evil.example/x.png "onerror=alert(1)")',
  '[![x](https://evil.example/x.png)](javascript:alert(1))',
  '[x][1]\n\n[1]: javascript:alert(1)',
  '`<img src=x onerror=alert(1)>`',
  '```html\n<script>alert(1)</script>\n```',
  '| <img src=x onerror=alert(1)> |\n| --- |\n| <script>alert(1)</script> |',
  '$\\href{javascript:alert(1)}{x}$',
  '$$\n\\includegraphics{https://evil.example/x.png}\n$$',
  '\\(\\htmlStyle{position:fixed}{x}\\)',
]

describe('an answer is sanitised', () => {
  it.each(ATTACKS)('%s', async (attack) => {
    expect(dangers(await show(attack))).toEqual([])
  })

  it('in every prefix while it is being written', async () => {
    const { container, rerender, unmount } = await render(<AnswerBlocks text="" live />)
    cleanUp = unmount
    for (const attack of ATTACKS) {
      for (let length = 1; length <= attack.length; length += 3) {
        await rerender(<AnswerBlocks text={`Text ${attack.slice(0, length)}`} live />)
        expect(dangers(container)).toEqual([])
      }
    }
  }, 60_000)
})

describe('an answer is drawn', () => {
  it('with links that open elsewhere and vouch for nothing', async () => {
    const link = (await show('[docs](https://example.org/a)')).querySelector('a')
    expect(link?.getAttribute('href')).toBe('https://example.org/a')
    expect(link?.target).toBe('_blank')
    expect(link?.rel).toContain('noopener')
    expect(link?.rel).toContain('nofollow')
  })

  it('with images as words that lead to them', async () => {
    const container = await show('![a cat](https://example.org/cat.png)')
    expect(container.querySelector('img')).toBeNull()
    expect(container.querySelector('a')?.textContent).toBe('[Image: a cat]')
  })

  it('with HTML as the text that it is', async () => {
    expect((await show('Use <b>bold</b>.')).textContent).toContain('<b>bold</b>')
  })

  it('with line breaks in the cells of tables', async () => {
    const container = await show('| a |\n| --- |\n| x<br>y |')
    expect(container.querySelector('td br')).not.toBeNull()
  })

  it('with code that can be copied, and no words of ours in its text', async () => {
    const container = await show('```js\nconst a = 1\n```')
    expect(container.querySelector('.answer-code')?.getAttribute('data-language')).toBe('js')
    expect(container.querySelector('button')?.getAttribute('aria-label')).toBe('Copy code')
    expect(container.textContent).toBe('const a = 1\n')
  })

  it('while a table, bold words and code are incomplete', async () => {
    const live = await show('| a | b |\n| --- | --- |\n| **x', true)
    expect(live.querySelector('td strong')?.textContent).toBe('x')
    cleanUp?.()
    expect((await show('```js\nlet a', true)).querySelector('pre')?.textContent).toContain('let a')
  })

  it('with formulas, in lines and displayed', async () => {
    const container = await show('So \\(a^2\\) and\n\n\\[\nb^2\n\\]')
    await vi.waitFor(() => expect(container.querySelectorAll('.katex')).toHaveLength(2))
    expect(container.querySelectorAll('.katex-display')).toHaveLength(1)
  })

  it('each block in its own direction', async () => {
    const container = await show('Hello\n\nمرحبا\n\n- أولا')
    expect([...container.querySelectorAll('p')].map((p) => p.dir)).toEqual(['auto', 'auto'])
    expect(container.querySelector('ul')?.dir).toBe('auto')
    expect(container.querySelector('li')?.hasAttribute('dir')).toBe(false)
  })

  it('with headings under those of the page, none skipped', async () => {
    const container = await show('## One\n\n#### Two\n\n## Three')
    const names = [...container.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((h) => h.localName)
    expect(names).toEqual(['h3', 'h4', 'h3'])
  })
})
