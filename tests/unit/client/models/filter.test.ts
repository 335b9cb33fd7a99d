import { describe, expect, it } from 'vitest'
import {
  choicesOf,
  groupsOf,
  matching,
  readFilter,
  writeFilter,
} from '../../../../client/models/filter.ts'
import { followable } from '../../../../client/models/link.ts'

const model = (slug: string, more: object = {}) => ({
  slug,
  name: slug,
  organization: 'Maker',
  license: 'MIT',
  tags: [] as string[],
  enabled: true,
  retired: null as { at: string; reason: string | null } | null,
  ...more,
})

const MODELS = [
  model('zebra', { name: 'Zèbre Ünïcode', tags: ['small', 'open weights'] }),
  model('ant', { organization: 'Ants & Sons', tags: ['small'] }),
  model('bee', { enabled: false }),
  model('cow', { enabled: false, retired: { at: '2026-01-01T00:00:00Z', reason: null } }),
  model('dog', { enabled: true, retired: { at: '2026-02-01T00:00:00Z', reason: 'Old.' } }),
]
const ANY = { text: '', organization: '', tag: '' }
const slugs = (models: readonly { slug: string }[]) => models.map(({ slug }) => slug)

describe('the filter of models', () => {
  it('finds every word anywhere, whatever its case and accents', () => {
    expect(slugs(matching(MODELS, { ...ANY, text: '  ZEBRE  unicode ' }))).toEqual(['zebra'])
    expect(slugs(matching(MODELS, { ...ANY, text: 'sons mit' }))).toEqual(['ant'])
    expect(slugs(matching(MODELS, { ...ANY, text: 'weights' }))).toEqual(['zebra'])
    expect(slugs(matching(MODELS, { ...ANY, text: 'zebra ant' }))).toEqual([])
    expect(matching(MODELS, ANY)).toHaveLength(5)
  })

  it('keeps to a maker and a tag', () => {
    expect(slugs(matching(MODELS, { ...ANY, tag: 'small' }))).toEqual(['zebra', 'ant'])
    expect(slugs(matching(MODELS, { ...ANY, tag: 'small', organization: 'Maker' }))).toEqual([
      'zebra',
    ])
  })

  it('is the same from its address', () => {
    const filter = { text: 'a & b', organization: 'Ants & Sons', tag: 'open weights' }
    expect(readFilter(new URLSearchParams(writeFilter(filter).toString()))).toEqual(filter)
    expect(writeFilter(ANY).toString()).toBe('')
    expect(writeFilter({ ...ANY, tag: 'small' }).toString()).toBe('tag=small')
  })

  it('parts who competes, who pauses and who has gone: the last one to go first', () => {
    const { competing, paused, retired } = groupsOf(MODELS)
    expect(slugs(competing)).toEqual(['ant', 'zebra'])
    expect(slugs(paused)).toEqual(['bee'])
    expect(slugs(retired)).toEqual(['dog', 'cow'])
  })

  it('offers makers by name and tags by use', () => {
    expect(choicesOf(MODELS)).toEqual({
      organizations: ['Ants & Sons', 'Maker'],
      tags: ['small', 'open weights'],
    })
  })
})

describe('a link', () => {
  it('is followed to http and https, and nowhere else', () => {
    expect(followable('https://models.example/card')).toBe('https://models.example/card')
    expect(followable('http://models.example')).toBe('http://models.example/')
    for (const url of ['javascript:alert(1)', 'data:text/html,x', 'ftp://x.example', '//x', '']) {
      expect(followable(url), url).toBeNull()
    }
  })
})
