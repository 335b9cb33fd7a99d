import { useRef } from 'react'
import { Link } from 'react-router'
import type { Ties } from '../../shared/ratings/outcomes.ts'
import type { Board } from '../../shared/schemas/leaderboard.ts'
import { Tex } from '../markdown/tex.tsx'
import { boardTexts } from '../texts/en-board.ts'
import { madeTexts } from '../texts/en-made.ts'
import { formatShare, formatWhole } from '../texts/format.ts'
import { DimensionName } from '../ui/dimension-name.tsx'
import { Icon } from '../ui/icon.tsx'
import { commandOptions, formulaOf } from './made.ts'
import { MadeEvidence } from './made-evidence.tsx'
import './made.css'

type Props = { boards: readonly Board[]; ties: Ties; here: boolean }

/** "How these numbers are made", one press away from every board. */
export function MadeDialog({ boards, ties, here }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [first] = boards
  if (first === undefined) return null
  return (
    <>
      <button
        type="button"
        className="button made-button"
        aria-haspopup="dialog"
        onClick={() => dialog.current?.showModal()}
      >
        <Icon name="formula" /> {boardTexts.made.open}
      </button>
      <dialog
        ref={dialog}
        className="made"
        aria-labelledby="made-title"
        data-testid="made"
        onClick={({ target }) => {
          // A press beside the sheet closes it.
          if (target === dialog.current) dialog.current?.close()
        }}
      >
        <div className="made-sheet">
          <header>
            <h2 id="made-title">{boardTexts.made.open}</h2>
            <button
              type="button"
              className="button"
              data-kind="icon"
              aria-label={boardTexts.made.close}
              onClick={() => dialog.current?.close()}
            >
              <Icon name="close" />
            </button>
          </header>
          <div className="made-body" tabIndex={0} role="region" aria-labelledby="made-title">
            <Method board={first} />
            <Counted boards={boards} ties={ties} />
            <Intervals board={first} here={here} />
            {boards.map((board) => (
              <MadeEvidence key={board.slice.dimension} board={board} heading={boards.length > 1} />
            ))}
            <section>
              <h3>{madeTexts.unbounded}</h3>
              <p>{madeTexts.unboundedWords}</p>
            </section>
            {!here && <Check board={first} />}
            <p>
              <Link to="/method">{madeTexts.more}</Link>
            </p>
          </div>
        </div>
      </dialog>
    </>
  )
}

/** How anybody can compute the board again. */
function Check({ board }: { board: Board }) {
  const options = commandOptions(board)
  return (
    <section>
      <h3>{madeTexts.check}</h3>
      {options !== null && (
        <>
          <p>{madeTexts.checkWords}</p>
          <pre tabIndex={0} role="group" aria-label={madeTexts.check}>
            {madeTexts.command(location.origin, options)}
          </pre>
        </>
      )}
      <p>{madeTexts.engine(board.engine, board.version)}</p>
    </section>
  )
}

function Method({ board }: { board: Board }) {
  const { tex, words, short } = formulaOf(board)
  return (
    <section>
      <h3>{madeTexts.inShort}</h3>
      <p>{short}</p>
      <div className="made-formula">
        <Tex tex={tex} display />
      </div>
      <p>{words}</p>
      {board.nu !== null && <p>{madeTexts.nu(board.nu)}</p>}
    </section>
  )
}

const ROWS = [
  ['decisive', madeTexts.decisive],
  ['ties', madeTexts.ties],
  ['bothBad', madeTexts.bothBad],
  ['skipped', madeTexts.skipped],
] as const

function Counted({ boards, ties }: { boards: readonly Board[]; ties: Ties }) {
  const weights = boards[0]?.slice.weights
  return (
    <section>
      <h3>{madeTexts.counted}</h3>
      <table className="plain-table figures">
        <thead>
          <tr>
            <td />
            {boards.map(({ slice }) => (
              <th key={slice.dimension} scope="col" data-numeric>
                <DimensionName dimension={slice.dimension} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ROWS.map(([field, name]) => (
            <tr key={field}>
              <th scope="row">{name}</th>
              {boards.map(({ slice, outcomes }) => {
                const { decisive, ties: tied, bothBad, skipped } = outcomes
                const all = decisive + tied + bothBad + skipped
                return (
                  <td key={slice.dimension} data-numeric>
                    {formatWhole(outcomes[field])}{' '}
                    <small>{all > 0 && formatShare(outcomes[field] / all)}</small>
                  </td>
                )
              })}
            </tr>
          ))}
          <tr>
            <th scope="row">{madeTexts.voters}</th>
            {boards.map(({ slice, intervals }) => (
              <td key={slice.dimension} data-numeric>
                {formatWhole(intervals.voters)}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
      <p>{madeTexts.tiesOf[ties]}</p>
      {typeof weights === 'string' && <p>{madeTexts.weights(weights)}</p>}
    </section>
  )
}

function Intervals({ board, here }: { board: Board; here: boolean }) {
  const { kind, version, voters } = board.intervals
  const words = here
    ? madeTexts.intervalsOf.here
    : kind === 'clustered'
      ? madeTexts.intervalsOf.clustered(voters)
      : madeTexts.intervalsOf[kind]
  return (
    <section>
      <h3>{madeTexts.intervals}</h3>
      <p>{words}</p>
      {!here && kind !== 'none' && <p>{madeTexts.intervalsVersion(version)}</p>}
      <p>{madeTexts.ranks}</p>
      <p>{madeTexts.notCovered}</p>
    </section>
  )
}
