/** As much of a syntax tree's node as is needed here; both trees (Markdown, HTML) have this form. */
type Node = {
  type: string
  tagName?: string
  value?: string
  properties?: Record<string, unknown>
  children?: Node[]
}

/**
 * HTML is shown as the text that it is: dropping it would hide what a model wrote. Only `<br>` is
 * understood, since models cannot do without it in the cells of tables.
 */
export function remarkPlainHtml() {
  return (tree: Node): void =>
    walk(tree, (node, replace, parent) => {
      if (node.type !== 'html') return
      const text = { type: 'text', value: node.value ?? '' }
      if (/^<br\s*\/?>$/i.test(text.value.trim())) replace({ type: 'break' })
      else replace(parent.type === 'root' ? { type: 'paragraph', children: [text] } : text)
    })
}

/** Headings of an answer lie under the page's: its question is `h1`, each side of it `h2`. */
const FIRST_LEVEL = 3

/**
 * Fits an answer into the page: headings under those of the page, every block in its own direction.
 *
 * @param levels the levels of heading that the whole answer uses, so that none is skipped
 */
export function rehypeFit(levels: string) {
  return (tree: Node): void => {
    // On the outermost blocks only: what has a direction of its own does not count for its parent's.
    for (const block of tree.children ?? []) {
      if (block.tagName !== undefined) block.properties = { ...block.properties, dir: 'auto' }
    }
    walk(tree, (node) => {
      const level = /^h([1-6])$/.exec(node.tagName ?? '')?.[1]
      if (level !== undefined) {
        const depth = levels.includes(level) ? levels.indexOf(level) : Number(level) - 1
        node.tagName = `h${Math.min(6, FIRST_LEVEL + depth)}`
      }
    })
  }
}

/** The levels of heading in a Markdown text, in ascending order: `13` for `#` and `###`. */
export function headingLevels(markdown: string): string {
  const levels = new Set<number>()
  for (const [, marks = ''] of markdown.matchAll(/^ {0,3}(#{1,6})\s/gm)) levels.add(marks.length)
  return [...levels].sort((a, b) => a - b).join('')
}

type Visit = (node: Node, replace: (next: Node) => void, parent: Node) => void

function walk(parent: Node, visit: Visit): void {
  for (const [index, node] of (parent.children ?? []).entries()) {
    visit(node, (next) => parent.children?.splice(index, 1, next), parent)
    walk(node, visit)
  }
}
