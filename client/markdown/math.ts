// Models write mathematics in TeX's own delimiters or with dollars; prices have dollars too.
const CODE =
  /(^ {0,3}(`{3,}|~{3,})[\s\S]*?(?:^ {0,3}\2[^\n]*$|$(?![\s\S]))|(`+)(?!`)[\s\S]*?(?<!`)\3(?!`))/m
const DISPLAY = /^([ \t]*)(?:\\\[([\s\S]*?)\\\]|\$\$([^\n$]+?)\$\$)[ \t]*$/gm
const PARENTHESES = /\\\(([\s\S]*?)\\\)/g
const BRACKETS = /\\\[([\s\S]*?)\\\]/g
const DOLLARS = /(?<![\\$])\$(?!\$)/g

/** Whether a text may hold mathematics at all. */
function mayHoldMath(markdown: string): boolean {
  return /\$|\\\(|\\\[/.test(markdown)
}

/**
 * Brings mathematics into the one form that the parser reads, and escapes dollars that are prices.
 * Code is left as it is.
 */
export function normalizeMath(markdown: string): string {
  if (!mayHoldMath(markdown)) return markdown
  return outsideCode(markdown, (text) =>
    escapePrices(
      text
        .replace(DISPLAY, (_all, indent: string, tex?: string, dollars?: string) => {
          const body = (tex ?? dollars ?? '').trim().replaceAll('\n', `\n${indent}`)
          return `${indent}$$\n${indent}${body}\n${indent}$$`
        })
        .replace(BRACKETS, (_all, tex: string) => `$$${tex.trim()}$$`)
        .replace(PARENTHESES, (_all, tex: string) => `$${tex.trim()}$`),
    ),
  )
}

/** Closes TeX's delimiters at the end of a text that is still growing. */
export function closeMath(markdown: string): string {
  const last = Math.max(markdown.lastIndexOf('\\['), markdown.lastIndexOf('\\('))
  if (last < 0) return markdown
  const close = markdown[last + 1] === '[' ? '\\]' : '\\)'
  if (markdown.includes(close, last)) return markdown
  // Half of the closing delimiter may be there already.
  return `${markdown.replace(/\\$/, '')}${close}`
}

function outsideCode(markdown: string, change: (text: string) => string): string {
  let result = ''
  let rest = markdown
  for (;;) {
    const code = CODE.exec(rest)
    if (code === null || code[0] === '') return result + change(rest)
    result += change(rest.slice(0, code.index)) + code[0]
    rest = rest.slice(code.index + code[0].length)
  }
}

/**
 * A dollar opens mathematics when no blank follows it, and closes it when no blank precedes it and
 * no digit follows (Pandoc's rule); what begins with a digit and goes on in words is a price.
 */
function escapePrices(text: string): string {
  const at = [...text.matchAll(DOLLARS)].map((match) => match.index)
  const keep = new Set<number>()
  for (let index = 0; index < at.length - 1; index++) {
    const open = at[index] ?? 0
    const close = at[index + 1] ?? 0
    if (!isMath(text.slice(open + 1, close), text[close + 1] ?? '')) continue
    keep.add(open).add(close)
    index++
  }
  let result = ''
  let last = 0
  for (const position of at) {
    if (keep.has(position)) continue
    result += `${text.slice(last, position)}\\`
    last = position
  }
  return result + text.slice(last)
}

function isMath(body: string, after: string): boolean {
  if (body === '' || /^\s|\s$|\n\s*\n/.test(body) || /\d/.test(after)) return false
  return !(/^\d/.test(body) && /(?<!\\)\b\p{L}{2,}\s+\p{L}{2,}/u.test(body))
}
