/** A document as a page shows it: its title apart, its sections as a list of contents. */
export type DocumentPage = {
  readonly title: string
  readonly sections: readonly string[]
  readonly body: string
}

/** Takes a Markdown document apart; links to files that no page serves become plain words. */
export function toPage(markdown: string): DocumentPage {
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? ''
  const body = markdown
    .replace(/^# .+$/m, '')
    .replace(/^\$\$(.+)\$\$$/gm, '$$$$\n$1\n$$$$')
    .replace(/\[([^\]]+)\]\((?!https?:|\/|#)[^)]*\)/g, '$1')
  const sections = [...body.matchAll(/^## (.+)$/gm)].map(([, name = '']) => name)
  return { title, sections, body }
}

/** The address of a heading within the page. */
export function headingId(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
}
