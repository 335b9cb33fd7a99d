import { formatAgo, formatExact } from '../../texts/ago.ts'
import { useNow } from './use-now.ts'

/** A time: how long ago, and the exact one where a pointer rests, or beside it. */
export function When({ at, exact = false }: { at: string; exact?: boolean }) {
  const now = useNow()
  return (
    <time dateTime={at} title={formatExact(at)} className="when">
      {formatAgo(at, now)}
      {exact && <span className="when-exact"> {formatExact(at)}</span>}
    </time>
  )
}
