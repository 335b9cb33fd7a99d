const FENCE = /^ {0,3}(`{3,}|~{3,})/
const MATH_FENCE = /^\s*(?:\$\$|\\\[)\s*$/
const MATH_CLOSE = /(?:\$\$|\\\])\s*$/
const LIST_ITEM = /^\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)/
const DEFINITION = /^ {0,3}\[[^\]\n]+\]:\s*\S/m

/**
 * Cuts Markdown at blank lines into blocks that render alike on their own, so that while an answer
 * grows only its last block has to be rendered again. Where a cut could change the meaning (inside
 * code, mathematics, a list with what is indented under it), there is none.
 */
export function splitBlocks(markdown: string): string[] {
  // Link definitions and footnotes work across the whole text: then it is one block.
  if (DEFINITION.test(markdown)) return [markdown]
  const blocks: string[] = []
  let block: string[] = []
  let fence: string | null = null
  let inMath = false
  let inList = false
  let blank = false
  for (const line of markdown.split('\n')) {
    if (fence === null && !inMath && blank && line.trim() !== '' && !continues(line, inList)) {
      blocks.push(block.join('\n'))
      block = []
      inList = false
    }
    block.push(line)
    if (fence !== null) {
      if (closes(line, fence)) fence = null
    } else if (inMath) {
      inMath = !MATH_CLOSE.test(line)
    } else {
      fence = FENCE.exec(line.trimStart())?.[1] ?? null
      inMath = fence === null && MATH_FENCE.test(line)
      inList ||= LIST_ITEM.test(line)
    }
    blank = fence === null && !inMath && line.trim() === ''
  }
  blocks.push(block.join('\n'))
  return blocks
}

/** Whether a line after a blank one still belongs to what came before it. */
function continues(line: string, inList: boolean): boolean {
  return /^(?: {2,}|\t)/.test(line) || (inList && LIST_ITEM.test(line))
}

function closes(line: string, fence: string): boolean {
  const text = line.trim()
  return text.length >= fence.length && text === (fence[0] ?? '').repeat(text.length)
}
