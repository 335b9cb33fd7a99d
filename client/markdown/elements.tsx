import type { ComponentProps, ReactNode } from 'react'
import type { Components, ExtraProps } from 'react-markdown'
import { texts } from '../texts/en.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { isSafeLink } from './sanitize.ts'
import { Tex } from './tex.tsx'

type Hast = NonNullable<ExtraProps['node']>
type Child = Hast['children'][number]

/** How the parts of an answer are drawn. */
export const answerElements: Components = {
  a: ({ href, children }) => <AnswerLink href={href}>{children}</AnswerLink>,
  // Never loaded: an image would tell a foreign host who reads, and could show anything.
  img: ({ src, alt }) => (
    <AnswerLink href={typeof src === 'string' ? src : undefined}>
      [{texts.markdown.image}
      {alt ? `: ${alt}` : ''}]
    </AnswerLink>
  ),
  // Only the boxes of task lists come through the sanitiser.
  input: ({ checked }) => (
    <input
      type="checkbox"
      checked={checked === true}
      aria-label={checked === true ? texts.markdown.checked : texts.markdown.unchecked}
      disabled
      readOnly
    />
  ),
  pre: CodeBlock,
  code: ({ node, className, children }) =>
    isMath(node, 'math-inline') ? (
      <Tex tex={textOf(node)} display={false} />
    ) : (
      <code className={className}>{children}</code>
    ),
  table: ({ children }) => (
    <div
      className="answer-table"
      dir="auto"
      role="group"
      aria-label={texts.markdown.table}
      tabIndex={0}
    >
      <table>{children}</table>
    </div>
  ),
}

function AnswerLink({ href, children }: { href: string | undefined; children: ReactNode }) {
  if (!isSafeLink(href)) return <span>{children}</span>
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow ugc">
      {children}
    </a>
  )
}

function CodeBlock({ node, children }: ComponentProps<'pre'> & ExtraProps) {
  const code = node?.children[0]
  if (code?.type === 'element' && isMath(code, 'math-display')) {
    return <Tex tex={textOf(code)} display />
  }
  const language = languageOf(node)
  return (
    // The language is drawn by the style sheet, so that copying a selection does not copy it.
    <div className="answer-code" data-language={language} dir="ltr">
      <CopyButton label={texts.copy.code} text={() => textOf(node).replace(/\n$/, '')} />
      <pre tabIndex={0} role="group" aria-label={texts.markdown.code}>
        {children}
      </pre>
    </div>
  )
}

function isMath(node: Hast | undefined, kind: 'math-inline' | 'math-display'): boolean {
  const names = node?.properties['className']
  return Array.isArray(names) && names.includes(kind)
}

function languageOf(node: Hast | undefined): string | undefined {
  const code = node?.children[0]
  const names = code?.type === 'element' ? code.properties['className'] : undefined
  const name = Array.isArray(names)
    ? names.map(String).find((n) => n.startsWith('language-'))
    : null
  return name?.slice('language-'.length)
}

function textOf(node: Hast | Child | undefined): string {
  if (node === undefined) return ''
  if (node.type === 'text') return node.value
  return node.type === 'element' ? node.children.map(textOf).join('') : ''
}
