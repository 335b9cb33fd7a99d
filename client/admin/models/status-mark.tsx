import type { ReactNode } from 'react'
import type { ModelStatus } from '../../../shared/schemas/model.ts'
import { adminTexts } from '../../texts/en-admin.ts'
import { STATUS_TONES } from './statuses.ts'
import './status-mark.css'

/** Each status has a shape of its own, so that none is told by colour alone. */
const SHAPES: Readonly<Record<ModelStatus, ReactNode>> = {
  ready: <path d="m5 13 4.5 4.5L19 7" />,
  failing: <path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.3v.2" />,
  'on-trial': <path d="M4 12a8 8 0 1 1 2.6 5.9M4 19v-5h5" />,
  cooling: <path d="M7 3h10M7 21h10M8 3c0 5 8 5 8 9s-8 4-8 9M16 3c0 5-8 5-8 9s8 4 8 9" />,
  limited: <path d="M4 18a9 9 0 1 1 16 0M12 15l4-5" />,
  'not-running': (
    <>
      <circle cx="12" cy="12" r="8" />
      <path d="M6.5 17.5 17.5 6.5" />
    </>
  ),
  paused: <path d="M8 5v14M16 5v14" />,
  unweighted: <path d="M5 12h14" />,
  retired: <path d="m6 6 12 12M18 6 6 18" />,
}

/** How a model is: an icon, a word, a colour. */
export function StatusMark({ status }: { status: ModelStatus }) {
  return (
    <span className="status-mark" data-tone={STATUS_TONES[status]}>
      <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        {SHAPES[status]}
      </svg>
      {adminTexts.statuses[status]}
    </span>
  )
}
