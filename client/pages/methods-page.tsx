import { useEffect } from 'react'
import Markdown, { type Components, type ExtraProps } from 'react-markdown'
import { Link, useLocation } from 'react-router'
import remarkGfm from 'remark-gfm'
import remarkMath from 'remark-math'
import methods from '../../docs/methods.md?raw'
import { Tex } from '../markdown/tex.tsx'
import { texts } from '../texts/en.ts'
import { usePageTitle } from '../ui/use-page.ts'
import { headingId, toPage } from './methods.ts'
import './pages.css'
import '../leaderboard/parts.css'
import './methods.css'

type Hast = NonNullable<ExtraProps['node']>

/** What the document's own elements become on the page. */
const ELEMENTS: Components = {
  h2: ({ node, children }) => <h2 id={headingId(textOf(node))}>{children}</h2>,
  h3: ({ node, children }) => <h3 id={headingId(textOf(node))}>{children}</h3>,
  a: ({ href = '', children }) =>
    href.startsWith('/') ? <Link to={href}>{children}</Link> : <a href={href}>{children}</a>,
  pre: ({ node, children }) => {
    const code = node?.children[0]
    return code?.type === 'element' && isMath(code, 'math-display') ? (
      <Tex tex={textOf(code)} display />
    ) : (
      <pre tabIndex={0} role="group" aria-label={texts.markdown.code}>
        {children}
      </pre>
    )
  },
  code: ({ node, children }) =>
    isMath(node, 'math-inline') ? (
      <Tex tex={textOf(node)} display={false} />
    ) : (
      <code>{children}</code>
    ),
  table: ({ children }) => (
    <div className="board-scroll" role="group" aria-label={texts.markdown.table} tabIndex={0}>
      <table className="plain-table figures">{children}</table>
    </div>
  ),
}

const PLUGINS = [remarkGfm, remarkMath]

/** Every formula with its source: the document that lies beside the code, as a page. */
export function MethodsPage() {
  usePageTitle(texts.methods.title)
  const { hash } = useLocation()
  useEffect(() => {
    document.getElementById(decodeURIComponent(hash.slice(1)))?.scrollIntoView()
  }, [hash])
  const { title, sections, body } = toPage(methods)
  return (
    <div className="page methods">
      <h1 className="page-title">{title}</h1>
      <nav className="methods-contents" aria-label={texts.methods.contents}>
        <ul>
          {sections.map((section) => (
            <li key={section}>
              <a href={`#${headingId(section)}`}>{section}</a>
            </li>
          ))}
        </ul>
      </nav>
      <div className="methods-body">
        <Markdown remarkPlugins={PLUGINS} components={ELEMENTS}>
          {body}
        </Markdown>
      </div>
    </div>
  )
}

function isMath(node: Hast | undefined, kind: 'math-inline' | 'math-display'): boolean {
  const names = node?.properties['className']
  return Array.isArray(names) && names.includes(kind)
}

function textOf(node: Hast | Hast['children'][number] | undefined): string {
  if (node === undefined) return ''
  if (node.type === 'text') return node.value
  return node.type === 'element' ? node.children.map(textOf).join('') : ''
}
