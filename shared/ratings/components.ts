import type { PairScores } from './pair-scores.ts'

/**
 * Whether a model's strength can be estimated. Where there is no finite maximum of the likelihood
 * (Ford 1957), the models outside of the largest strongly connected component are told apart by
 * where their estimate would run off to.
 */
export type ModelStatus = 'rated' | 'unbounded-above' | 'unbounded-below' | 'disconnected'

/**
 * Finds the models that can be rated together: the largest strongly connected component of the
 * graph in which i → j where i has ever scored against j (wins, and ties if they count). Of equally
 * large components the one with more points wins, then the one with the first model. A component of
 * one model rates nobody.
 *
 * A model outside is `unbounded-above` if it scored, directly or through others, against the rated
 * ones and they never did against it; `unbounded-below` the other way round; else `disconnected`.
 * Where nobody is rated, this is told of each model's own games.
 *
 * @returns the rated models in ascending order, and each model's status
 */
export function connectivity(scores: PairScores): {
  rated: Int32Array
  status: ModelStatus[]
} {
  const m = scores.models
  const beats = arcs(scores, false)
  const component = stronglyConnectedComponents(m, beats)
  const main = largestComponent(scores, component)
  if (main < 0) return { rated: new Int32Array(0), status: ownGames(m, beats, arcs(scores, true)) }
  const isMain = Uint8Array.from(component, (id) => (id === main ? 1 : 0))
  if (isMain.every((is) => is === 1)) {
    const all = Array.from({ length: m }, (_, model) => model)
    return { rated: Int32Array.from(all), status: all.map(() => 'rated') }
  }
  const above = reachable(m, arcs(scores, true), isMain)
  const below = reachable(m, beats, isMain)
  const rated: number[] = []
  const status = Array.from({ length: m }, (_, model): ModelStatus => {
    if (isMain[model] === 1) {
      rated.push(model)
      return 'rated'
    }
    if (above[model] === 1) return 'unbounded-above'
    return below[model] === 1 ? 'unbounded-below' : 'disconnected'
  })
  return { rated: Int32Array.from(rated), status }
}

/** A directed graph in rows: the targets of node i are `targets[start[i]] … [start[i + 1] − 1]`. */
type Graph = { readonly start: Int32Array; readonly targets: Int32Array }

function arcs(
  { models, size, first, second, scoreFirst, scoreSecond }: PairScores,
  turned: boolean,
) {
  const start = new Int32Array(models + 1)
  const forward = turned ? scoreSecond : scoreFirst
  const backward = turned ? scoreFirst : scoreSecond
  for (let pair = 0; pair < size; pair += 1) {
    if (forward[pair]! > 0) start[first[pair]! + 1]! += 1
    if (backward[pair]! > 0) start[second[pair]! + 1]! += 1
  }
  for (let i = 0; i < models; i += 1) start[i + 1]! += start[i]!
  const targets = new Int32Array(start[models]!)
  const next = start.slice(0, models)
  const put = (from: number, to: number): void => {
    targets[next[from]!] = to
    next[from]! += 1
  }
  for (let pair = 0; pair < size; pair += 1) {
    if (forward[pair]! > 0) put(first[pair]!, second[pair]!)
    if (backward[pair]! > 0) put(second[pair]!, first[pair]!)
  }
  return { start, targets }
}

/** Tarjan (1972), without recursion. The component of each node, numbered from 0. */
function stronglyConnectedComponents(nodes: number, { start, targets }: Graph): Int32Array {
  const component = new Int32Array(nodes).fill(-1)
  const index = new Int32Array(nodes).fill(-1)
  const low = new Int32Array(nodes)
  const next = start.slice(0, nodes)
  const open: number[] = []
  const path: number[] = []
  let visited = 0
  let components = 0
  for (let root = 0; root < nodes; root += 1) {
    if (index[root] !== -1) continue
    path.push(root)
    while (path.length > 0) {
      const node = path.at(-1)!
      if (index[node] === -1) {
        index[node] = visited
        low[node] = visited
        visited += 1
        open.push(node)
      }
      if (next[node]! < start[node + 1]!) {
        const target = targets[next[node]!]!
        next[node]! += 1
        if (index[target] === -1) path.push(target)
        else if (component[target] === -1) low[node] = Math.min(low[node]!, index[target]!)
        continue
      }
      path.pop()
      const parent = path.at(-1)
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!)
      if (low[node] !== index[node]) continue
      for (;;) {
        const member = open.pop()!
        component[member] = components
        if (member === node) break
      }
      components += 1
    }
  }
  return component
}

/** −1 if every component is a single model. */
function largestComponent(scores: PairScores, component: Int32Array): number {
  const sizes = new Map<number, { models: number; points: number; firstModel: number }>()
  for (const [model, id] of component.entries()) {
    const known = sizes.get(id)
    if (known) known.models += 1
    else sizes.set(id, { models: 1, points: 0, firstModel: model })
  }
  for (let pair = 0; pair < scores.size; pair += 1) {
    const id = component[scores.first[pair]!]!
    if (id !== component[scores.second[pair]!]) continue
    sizes.get(id)!.points += scores.scoreFirst[pair]! + scores.scoreSecond[pair]!
  }
  const ranked = [...sizes].sort(
    ([, a], [, b]) => b.models - a.models || b.points - a.points || a.firstModel - b.firstModel,
  )
  const best = ranked[0]
  return best !== undefined && best[1].models > 1 ? best[0] : -1
}

/** 1 for every node that can be reached from those marked, which are marked too. */
function reachable(nodes: number, { start, targets }: Graph, from: Uint8Array): Uint8Array {
  const seen = from.slice()
  const open: number[] = []
  for (let node = 0; node < nodes; node += 1) if (seen[node] === 1) open.push(node)
  for (;;) {
    const node = open.pop()
    if (node === undefined) return seen
    for (let arc = start[node]!; arc < start[node + 1]!; arc += 1) {
      const target = targets[arc]!
      if (seen[target] === 1) continue
      seen[target] = 1
      open.push(target)
    }
  }
}

function ownGames(models: number, beats: Graph, beatenBy: Graph): ModelStatus[] {
  return Array.from({ length: models }, (_, model) => {
    const scored = beats.start[model + 1]! > beats.start[model]!
    const conceded = beatenBy.start[model + 1]! > beatenBy.start[model]!
    if (scored === conceded) return 'disconnected'
    return scored ? 'unbounded-above' : 'unbounded-below'
  })
}
