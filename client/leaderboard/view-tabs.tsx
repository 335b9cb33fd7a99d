import { Link } from 'react-router'
import { boardTexts } from '../texts/en-board.ts'
import { DimensionName } from '../ui/dimension-name.tsx'
import { CHOICES, VIEWS, writeAddress, type Address, type Choice } from './address.ts'

type Props = { address: Address; query: URLSearchParams }

/** The ways to look at the boards. Short names where there is little room. */
export function ViewTabs({ address, query }: Props) {
  return (
    <nav className="view-tabs" aria-label={boardTexts.views.label}>
      {VIEWS.map((view) => {
        const [long, short] = boardTexts.views[view]
        return (
          <Link
            key={view}
            to={{ search: writeAddress(query, { view }).toString() }}
            aria-current={view === address.view ? 'page' : undefined}
          >
            <span className="wide-only">{long}</span>
            <span className="narrow-only">{short}</span>
          </Link>
        )
      })}
    </nav>
  )
}

/** What "all of them" is called, where there is such a choice. */
const ALL: Readonly<Partial<Record<Address['view'], string>>> = {
  ratings: boardTexts.overview,
  history: boardTexts.allThree,
}

/** Which board, or all of them. */
export function ChoiceTabs({ address, query }: Props) {
  const all = ALL[address.view]
  const choices: readonly Choice[] = CHOICES.filter(
    (each) => each !== 'overview' || all !== undefined,
  )
  const current = choices.includes(address.choice) ? address.choice : 'overall'
  return (
    <nav className="choice-tabs" aria-label={boardTexts.choices}>
      {choices.map((choice) => (
        <Link
          key={choice}
          to={{ search: searchOf(query, choice) }}
          aria-current={choice === current ? 'page' : undefined}
          data-dimension={choice === 'overview' ? undefined : choice}
        >
          {choice === 'overview' ? all : <DimensionName dimension={choice} />}
        </Link>
      ))}
    </nav>
  )
}

/** Another board has other columns: the order of rows does not go along. */
function searchOf(query: URLSearchParams, choice: Choice): string {
  const next = writeAddress(query, { choice })
  next.delete('sort')
  next.delete('dir')
  return next.toString()
}
