import { useCallback } from 'react'
import { Link } from 'react-router'
import { getReleasedBattles } from '../arena/http.ts'
import { BattleLine } from '../pages/battle-line.tsx'
import { modelTexts } from '../texts/en-models.ts'
import { useFetched } from '../ui/use-fetched.ts'

const { battles: words } = modelTexts

/** Some battles of a model that everybody may read. */
export function ReleasedBattles({ slug }: { slug: string }) {
  const fetched = useFetched(useCallback(() => getReleasedBattles(slug), [slug]))
  if (fetched === null) return null
  const battles = fetched.ok ? fetched.value.items : []
  return (
    <section aria-labelledby="battles-title">
      <h2 id="battles-title">{words.title}</h2>
      {!fetched.ok && <p className="model-note">{fetched.error.message}</p>}
      {fetched.ok && battles.length === 0 && (
        <p className="model-note">
          {words.empty} <Link to="/battles">{words.own}</Link>
        </p>
      )}
      {battles.length > 0 && (
        <ul className="battle-list">
          {battles.map((battle) => (
            <BattleLine key={battle.battleId} battle={battle} />
          ))}
        </ul>
      )}
    </section>
  )
}
