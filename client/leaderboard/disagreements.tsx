import type { CSSProperties } from 'react'
import { DIMENSIONS, type Dimension } from '../../shared/dimensions.ts'
import { texts } from '../texts/en.ts'
import { Icon } from '../ui/icon.tsx'
import { compareBoards, type Boards, type Comparison } from './compare.ts'

/** More would be a second table; the whole list is one press on "spread" away. */
const SHOWN = 5

/** The models whose three places lie farthest apart, each in one sentence and on one line. */
export function Disagreements({ boards }: { boards: Boards }) {
  const all = compareBoards(boards)
  const rows = all
    .filter((row) => row.spread !== null && row.spread > 0)
    .sort((a, b) => (b.spread ?? 0) - (a.spread ?? 0))
    .slice(0, SHOWN)
  if (rows.length === 0) return null
  const last = Math.max(2, all.length)
  const { board } = texts
  return (
    <section className="disagree" aria-labelledby="disagree-title">
      <h2 id="disagree-title">{board.disagree}</h2>
      <p>{board.disagreeLead}</p>
      <ul>
        {rows.map(({ model, rows: places, best, worst }) => {
          const top = places[best]?.rank ?? 0
          const low = places[worst]?.rank ?? 0
          const at = (rank: number) => `${((rank - 1) / (last - 1)) * 100}%`
          return (
            <li key={model.slug}>
              <span>{board.disagreement(model.name, best, top, worst, low)}</span>
              <span
                className="disagree-line"
                aria-hidden="true"
                style={{ '--from': at(top), '--to': at(low) } as CSSProperties}
              >
                {DIMENSIONS.map((dimension) => (
                  <span
                    key={dimension}
                    data-dimension={dimension}
                    style={
                      {
                        '--at': at(places[dimension]?.rank ?? 1),
                        '--beside': besideOthers(places, dimension),
                      } as CSSProperties
                    }
                  >
                    <Icon name={dimension} />
                  </span>
                ))}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** Equal places stand beside one another: how many come before this one. */
function besideOthers(places: Comparison['rows'], dimension: Dimension): number {
  const before = DIMENSIONS.slice(0, DIMENSIONS.indexOf(dimension))
  return before.filter((other) => places[other]?.rank === places[dimension]?.rank).length
}
