import { useMemo } from 'react'
import type { DrawPreview } from '../../../shared/schemas/admin.ts'
import type { AdminModel } from '../../../shared/schemas/model.ts'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { drawnModels, drawnPairs, extremesOf } from './draw.ts'
import { PairMatrix } from './pair-matrix.tsx'

const { weights } = moreTexts
const EXTREMES = 5
/** Of more models a table says nothing to the eye. */
const MOST_IN_MATRIX = 40

type Props = {
  preview: DrawPreview
  models: readonly AdminModel[]
  isFuture: boolean
}

/** Who meets whom how often: the ends of the scale, and every pair. */
export function PairFrequencies({ preview, models, isFuture }: Props) {
  const names = useMemo(() => new Map(models.map(({ slug, name }) => [slug, name])), [models])
  const nameOf = (slug: string) => names.get(slug) ?? slug
  const pairs = drawnPairs(preview)
  const drawn = drawnModels(preview).length
  const { most, least } = extremesOf(pairs, EXTREMES)
  return (
    <section className="pairs" aria-labelledby="pairs">
      <h2 id="pairs">{weights.pairs}</h2>
      {pairs.length === 0 ? (
        <p className="admin-fault">{weights.noPairs}</p>
      ) : (
        <>
          <p className="admin-hint">
            {weights.pairsLead(pairs.length)} {isFuture ? weights.future : weights.present}
          </p>
          <div className="pairs-ends">
            <PairList
              title={least.length === 0 ? weights.all : weights.most}
              pairs={most}
              nameOf={nameOf}
            />
            {least.length > 0 && <PairList title={weights.least} pairs={least} nameOf={nameOf} />}
          </div>
          {drawn <= MOST_IN_MATRIX ? (
            <PairMatrix preview={preview} nameOf={nameOf} />
          ) : (
            <p className="admin-hint">{weights.tooMany(drawn)}</p>
          )}
        </>
      )}
    </section>
  )
}

type ListProps = {
  title: string
  pairs: readonly DrawPreview['pairs'][number][]
  nameOf: (slug: string) => string
}

function PairList({ title, pairs, nameOf }: ListProps) {
  return (
    <div>
      <h3>{title}</h3>
      <ol className="pairs-list figures">
        {pairs.map(({ a, b, probability }) => (
          <li key={`${a} ${b}`}>
            <span>{weights.against(nameOf(a), nameOf(b))}</span>
            <span>{weights.perThousand(probability)}</span>
          </li>
        ))}
      </ol>
    </div>
  )
}
