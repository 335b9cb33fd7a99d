import { defaultSchema, type Options } from 'rehype-sanitize'

/**
 * What an answer may hold: text, lists, tables, code, links. No images (nothing is loaded from
 * anywhere), no styles, no ids, no form fields; links go to the web or to a mailbox.
 */
export const answerSchema: Options = {
  ...defaultSchema,
  tagNames: (defaultSchema.tagNames ?? []).filter(
    (name) => !['picture', 'source', 'details', 'summary', 'div', 'span'].includes(name),
  ),
  attributes: {
    a: ['href', 'title'],
    img: ['src', 'alt', 'title'],
    code: [['className', /^language-./, 'math-inline', 'math-display']],
    input: [
      ['disabled', true],
      ['type', 'checkbox'],
      ['checked', true],
    ],
    li: [['className', 'task-list-item']],
    ul: [['className', 'contains-task-list']],
    ol: ['start', ['className', 'contains-task-list']],
    td: ['align', 'colSpan', 'rowSpan'],
    th: ['align', 'colSpan', 'rowSpan'],
  },
  protocols: { href: ['http', 'https', 'mailto'], src: ['http', 'https'] },
}

/** Whether a link may be followed: the sanitiser's rule again, where links are drawn. */
export function isSafeLink(href: string | undefined): href is string {
  if (href === undefined || !URL.canParse(href)) return false
  return ['http:', 'https:', 'mailto:'].includes(new URL(href).protocol)
}
