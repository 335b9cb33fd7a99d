import { useCallback } from 'react'
import { Link } from 'react-router'
import { getPairs } from '../arena/http.ts'
import { battlesOf, matrixOf } from '../leaderboard/matrix.ts'
import { boardTexts } from '../texts/en-board.ts'
import { useFetched } from '../ui/use-fetched.ts'
import { opponentsOf, type Opponent } from './opponents.ts'

const { model: words } = boardTexts

/** Shown at either end. */
const SHOWN = 4

/** Whom a model beats most and least often. */
export function ModelOpponents({ slug }: { slug: string }) {
  const fetched = useFetched(useCallback(() => getPairs('dimension=overall'), []))
  if (fetched?.ok !== true) return null
  const all = opponentsOf(matrixOf(fetched.value), slug)
  const half = Math.min(SHOWN, Math.ceil(all.length / 2))
  return (
    <section aria-labelledby="opponents-title">
      <h2 id="opponents-title">{words.opponents}</h2>
      <p className="model-note">{words.opponentsLead}</p>
      {all.length === 0 ? (
        <p className="model-note">{words.noOpponents}</p>
      ) : (
        <div className="opponents">
          <Opponents title={words.best} slug={slug} list={all.slice(0, half)} />
          <Opponents
            title={words.worst}
            slug={slug}
            list={all.slice(half).slice(-SHOWN).toReversed()}
          />
        </div>
      )}
    </section>
  )
}

type Props = { title: string; slug: string; list: readonly Opponent[] }

function Opponents({ title, slug, list }: Props) {
  if (list.length === 0) return null
  return (
    <div>
      <h3>{title}</h3>
      <ol className="figures">
        {list.map(({ model, share, verdicts }) => (
          <li key={model.slug}>
            <Link to={`/models/${model.slug}`}>{model.name}</Link>
            <Link to={battlesOf({ ...model, slug }, model)} className="opponent-share">
              {words.against(share, verdicts)}
            </Link>
          </li>
        ))}
      </ol>
    </div>
  )
}
