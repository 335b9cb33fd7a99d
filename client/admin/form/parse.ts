import { formTexts } from '../../texts/en-admin-form.ts'
import { FIELDS, type FieldPath } from './fields.ts'

/** The value of a field; undefined where nothing was filled in. */
export type Parsed = { ok: true; value: unknown } | { ok: false; message: string }

const { faults } = formTexts

/** Reads what was typed into a field. Only what no call could carry is refused here. */
export function parseField(path: FieldPath, text: string): Parsed {
  const kind = FIELDS[path]
  if (kind === 'text') return { ok: true, value: text.trim() === '' ? undefined : text }
  const trimmed = text.trim()
  if (trimmed === '') return { ok: true, value: undefined }
  switch (kind) {
    case 'line':
      return { ok: true, value: trimmed }
    case 'flag':
      return { ok: true, value: trimmed === 'true' }
    case 'number':
      return parseNumber(trimmed)
    case 'json':
      return parseObject(trimmed)
    case 'tags':
      return {
        ok: true,
        value: trimmed
          .split(',')
          .map((tag) => tag.trim())
          .filter(Boolean),
      }
    case 'links':
      return parseLinks(trimmed)
  }
}

function parseNumber(text: string): Parsed {
  // 10 000 and 10_000 are plain; a comma may mean two things.
  const plain = text.replace(/[\s_]/g, '')
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(plain)
    ? { ok: true, value: Number(plain) }
    : { ok: false, message: plain.includes(',') ? faults.comma : faults.number }
}

function parseObject(text: string): Parsed {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { ok: true, value }
    }
    return { ok: false, message: faults.object }
  } catch (cause) {
    return { ok: false, message: faults.json(cause instanceof Error ? cause.message : '') }
  }
}

const LINK = /^(.+?)(?:\s*,\s*(?=https?:)|\s*,?\s+)(\S+)$/i

/** One a line: what it is called, then its address; a comma between them belongs to neither. */
function parseLinks(text: string): Parsed {
  const links = []
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '') continue
    const [, label, url] = LINK.exec(line) ?? []
    if (label === undefined || url === undefined) return { ok: false, message: faults.link(line) }
    links.push({ label, url })
  }
  return { ok: true, value: links }
}
