import type { BoardRow } from '../../shared/schemas/leaderboard.ts'
import { DIMENSIONS } from '../../shared/dimensions.ts'
import { getModels } from '../arena/http.ts'
import { useBoard } from '../board/use-board.ts'
import { formatWhole } from '../texts/format.ts'
import { texts } from '../texts/en.ts'
import { DimensionName } from '../ui/dimension-name.tsx'
import { useFetched } from '../ui/use-fetched.ts'
import './facts.css'

/** What moves in the arena at this moment: votes, models, and who leads each dimension. */
export function Facts() {
  const overall = useBoard(OVERALL)
  const boards = [useBoard(ACCURACY), useBoard(HELPFULNESS), useBoard(LANGUAGE)]
  const { facts } = texts
  const votes = overall?.votes ?? 0
  // The board holds who has been judged; who competes is in the registry.
  const fetched = useFetched(getModels)
  const cards = fetched?.ok === true ? fetched.value.items : null
  const models = cards?.filter((card) => card.enabled && card.retired === null).length ?? 0
  return (
    <section className="facts" aria-label={facts.label}>
      <dl>
        <div>
          <dt>{facts.votes(votes)}</dt>
          <dd className="figures">{overall === null ? facts.unknown : formatWhole(votes)}</dd>
        </div>
        <div>
          <dt>{facts.models(models)}</dt>
          <dd className="figures">{cards === null ? facts.unknown : formatWhole(models)}</dd>
        </div>
        {DIMENSIONS.map((dimension, index) => {
          const board = boards[index]
          const leaders = board?.rows.filter((row) => row.rank === 1 && row.votes > 0) ?? []
          return (
            <div key={dimension} data-dimension={dimension} className="facts-leader">
              <dt>
                <DimensionName dimension={dimension} />
              </dt>
              <dd>
                {board === null
                  ? facts.unknown
                  : facts.leaders(leaders.map(nameOf), board?.votes ?? 0)}
              </dd>
            </div>
          )
        })}
      </dl>
    </section>
  )
}

const OVERALL = { dimension: 'overall' } as const
const ACCURACY = { dimension: 'accuracy' } as const
const HELPFULNESS = { dimension: 'helpfulness' } as const
const LANGUAGE = { dimension: 'language' } as const

const nameOf = ({ model }: BoardRow) => model.name
