import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { headingId, toPage } from '../../../../client/pages/methods.ts'

const methods = readFileSync(new URL('../../../../docs/methods.md', import.meta.url), 'utf8')

describe('the page of methods', () => {
  it('has a title and sections, each with an address of its own', () => {
    const { title, sections } = toPage(methods)
    expect(title).not.toBe('')
    expect(sections.length).toBeGreaterThan(5)
    const ids = sections.map(headingId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*$/u)
  })

  it('links to nothing that the page does not serve', () => {
    const { body } = toPage(`# T\n\n[code](../shared/x) [here](/about) [there](https://x.org)`)
    expect(body).toContain('code [here](/about) [there](https://x.org)')
  })
})
