import type { ModelCard } from '../../shared/schemas/model.ts'

/** What is looked for among the models; empty: everything. */
export type ModelFilter = {
  readonly text: string
  readonly organization: string
  readonly tag: string
}

/** What a filter needs to know of a model. */
type Filtered = Pick<
  ModelCard,
  'slug' | 'name' | 'organization' | 'license' | 'tags' | 'enabled' | 'retired'
>

/** The filter as it stands in an address. */
export function readFilter(query: URLSearchParams): ModelFilter {
  return {
    text: query.get('q') ?? '',
    organization: query.get('by') ?? '',
    tag: query.get('tag') ?? '',
  }
}

/** The address of a filter: what is empty is left out. */
export function writeFilter({ text, organization, tag }: ModelFilter): URLSearchParams {
  const query = new URLSearchParams({ q: text, by: organization, tag })
  for (const name of ['q', 'by', 'tag']) if (query.get(name) === '') query.delete(name)
  return query
}

/** Every word has to be found somewhere, whatever its case and accents. */
export function matching<M extends Filtered>(models: readonly M[], filter: ModelFilter): M[] {
  const words = plain(filter.text).split(/\s+/).filter(Boolean)
  return models.filter((model) => {
    const { slug, name, organization, license, tags } = model
    const about = plain([slug, name, organization, license, ...tags].join(' '))
    return (
      words.every((word) => about.includes(word)) &&
      (filter.organization === '' || organization === filter.organization) &&
      (filter.tag === '' || tags.includes(filter.tag))
    )
  })
}

const plain = (text: string) => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()

/** Who competes, who is out for a while, and who has gone: the last one to go first. */
export function groupsOf<M extends Filtered>(models: readonly M[]) {
  const byName = models.toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
  return {
    competing: byName.filter(({ retired, enabled }) => retired === null && enabled),
    paused: byName.filter(({ retired, enabled }) => retired === null && !enabled),
    retired: byName
      .filter(({ retired }) => retired !== null)
      .sort((a, b) => (b.retired?.at ?? '').localeCompare(a.retired?.at ?? '')),
  }
}

/** What can be chosen from, by name; more often used tags first. */
export function choicesOf(models: readonly Filtered[]): {
  organizations: string[]
  tags: string[]
} {
  const uses = new Map<string, number>()
  for (const tag of models.flatMap(({ tags }) => tags)) uses.set(tag, (uses.get(tag) ?? 0) + 1)
  const byName = (a: string, b: string) => a.localeCompare(b, 'en')
  return {
    organizations: [...new Set(models.map(({ organization }) => organization))].sort(byName),
    tags: [...uses].sort(([a, n], [b, m]) => m - n || byName(a, b)).map(([tag]) => tag),
  }
}
