import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A piece of a secret of this length is as bad as the whole. */
const PIECE = 10

/** Finds secrets, or pieces of them, in whatever form they were left somewhere. */
export type Traces = {
  /** Which secrets some bytes or some text hold a piece of, in which form; with one such piece. */
  readonly in: (where: Buffer | string) => string[]
}

/**
 * Looks for every piece of ten characters of every secret: as it is, as it stands in JSON, in an
 * address, in HTML, in hexadecimal, and in both alphabets of base64 at all of its alignments.
 *
 * @param secrets by the names that they are reported by
 */
export function tracesOf(secrets: Readonly<Record<string, string>>): Traces {
  const pieces = new Map<string, string>()
  for (const [name, secret] of Object.entries(secrets)) {
    for (const [form, text] of formsOf(secret)) {
      for (let at = 0; at + PIECE <= text.length; at += 1) {
        pieces.set(text.slice(at, at + PIECE), `${name}, ${form}`)
      }
    }
  }
  return {
    in(where) {
      const text = typeof where === 'string' ? where : where.toString('latin1')
      const found = new Map<string, string>()
      for (let at = 0; at + PIECE <= text.length; at += 1) {
        const piece = text.slice(at, at + PIECE)
        const what = pieces.get(piece)
        if (what !== undefined) found.set(what, piece)
      }
      return [...found].map(([what, piece]) => `${what}: ${piece}`)
    },
  }
}

function formsOf(secret: string): [string, string][] {
  const hexadecimal = Buffer.from(secret).toString('hex')
  const html = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  return [
    ['as it is', secret],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
    ['in an address', encodeURIComponent(secret)],
    ['in a form', new URLSearchParams([['', secret]]).toString().slice(1)],
    ['in HTML', html],
    ['in hexadecimal', hexadecimal],
    ['in hexadecimal', hexadecimal.toUpperCase()],
    ...[0, 1, 2].flatMap((shift) => {
      const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)])
      return (['base64', 'base64url'] as const).map((form): [string, string] => {
        const encoded = bytes.toString(form).replace(/=+$/, '')
        // The characters at the ends hold bits of what stands beside it.
        return [`in ${form}`, encoded.slice(shift === 0 ? 0 : shift + 1, -1)]
      })
    }),
  ]
}

/** Every file under a folder, whole. */
export async function filesUnder(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return new Map(
    await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const path = join(parentPath, name)
        return [path, await readFile(path)] as const
      }),
    ),
  )
}
