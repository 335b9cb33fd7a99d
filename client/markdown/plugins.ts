/** As much of a syntax tree's node as is needed here; both trees (Markdown, HTML) have this form. */
type Node = {
  type: string
  tagName?: string
  value?: string
  properties?: Record<string, unknown>
  children?: Node[]
}

/** `<br>` is the one piece of HTML that models cannot do without (in cells of tables). */
export function remarkLineBreaks() {
  return (tree: Node): void =>
    walk(tree, (node, replace) => {
      if (node.type === 'html' && /^<br\s*\/?>$/i.test(node.value?.trim() ?? '')) {
        replace({ type: 'break' })
      }
    })
}

/** Headings of an answer lie under the headings of the page. */
const HEADING_SHIFT = 2
const BLOCKS = new Set(['p', 'li', 'td', 'th', 'blockquote', 'ul', 'ol', 'table'])

/** Fits an answer into the page: headings two levels down, every block in its own direction. */
export function rehypeFit() {
  return (tree: Node): void =>
    walk(tree, (node) => {
      const { tagName } = node
      if (tagName === undefined) return
      const level = /^h([1-6])$/.exec(tagName)?.[1]
      if (level !== undefined) node.tagName = `h${Math.min(6, Number(level) + HEADING_SHIFT)}`
      if (level !== undefined || BLOCKS.has(tagName)) {
        node.properties = { ...node.properties, dir: 'auto' }
      }
    })
}

function walk(parent: Node, visit: (node: Node, replace: (next: Node) => void) => void): void {
  for (const [index, node] of (parent.children ?? []).entries()) {
    visit(node, (next) => parent.children?.splice(index, 1, next))
    walk(node, visit)
  }
}
