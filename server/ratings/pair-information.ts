/** What one more vote on each pair of models would tell; absent until somebody has computed it. */
export type PairInformation = {
  /** Grows whenever the gains change. */
  readonly revision: number
  /**
   * The expected gains of all pairs of these models: symmetric, row-major M×M, on any scale; NaN for
   * pairs with a model that was not known when they were computed. Undefined before that.
   */
  gains(slugs: readonly string[]): Float64Array | undefined
}

/** Keeps the gains that were computed last. */
export function createPairInformation() {
  let latest: { rows: ReadonlyMap<string, number>; gains: Float64Array } | undefined
  let revision = 0

  return {
    get revision() {
      return revision
    },

    /** @param gains symmetric, row-major, in the order of `slugs` */
    update(slugs: readonly string[], gains: Float64Array): void {
      latest = { rows: new Map(slugs.map((slug, row) => [slug, row])), gains }
      revision += 1
    },

    gains(slugs: readonly string[]): Float64Array | undefined {
      if (latest === undefined) return undefined
      const { rows, gains } = latest
      const found = slugs.map((slug) => rows.get(slug))
      const picked = new Float64Array(slugs.length ** 2)
      let at = 0
      for (const row of found) {
        for (const column of found) {
          const known = row !== undefined && column !== undefined
          picked[at] = (known ? gains[row * rows.size + column] : undefined) ?? Number.NaN
          at += 1
        }
      }
      return picked
    },
  } satisfies PairInformation & { update: unknown }
}
