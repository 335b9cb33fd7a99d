import type { ReactNode } from 'react'
import type { BoardDimension } from '../../shared/dimensions.ts'

/** Drawn on 24 × 24 with one stroke width, so that they sit together. */
const SHAPES = {
  // A mark hit in its centre: is it right?
  accuracy: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="m8 12 3 3 5.5-6" />
    </>
  ),
  // A key: does it open what one came for?
  helpfulness: (
    <>
      <circle cx="8" cy="15" r="4.5" />
      <path d="m11.3 11.7 8.2-8.2M16 7l3 3M13.5 9.5l2 2" />
    </>
  ),
  // A pen's nib: is it well written?
  language: (
    <>
      <path d="M4 20c1-6 4-12 16-16-3 11-8 14-13.5 14" />
      <path d="M4 20 12 12" />
    </>
  ),
  overall: <path d="M12 13 5 5M12 13l7-8M12 13v7" />,
  copy: (
    <>
      <rect x="9" y="9" width="11" height="11" rx="2" />
      <path d="M5 15a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1" />
    </>
  ),
  done: <path d="m5 13 4.5 4.5L19 7" />,
  stop: <rect x="6" y="6" width="12" height="12" rx="2" />,
  down: <path d="M12 5v13M6 12.5l6 6 6-6" />,
  up: <path d="M12 19V6M6 11.5l6-6 6 6" />,
  retry: <path d="M4 12a8 8 0 1 1 2.6 5.9M4 19v-5h5" />,
  replace: <path d="M4 8h13l-3.5-3.5M20 16H7l3.5 3.5" />,
  next: <path d="M5 12h13M12.5 6l6 6-6 6" />,
  link: (
    <>
      <path d="M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1" />
      <path d="M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1" />
    </>
  ),
  close: <path d="m6 6 12 12M18 6 6 18" />,
  pause: <path d="M8 5v14M16 5v14" />,
  play: <path d="M7 5v14l12-7z" />,
  warning: <path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.3v.2" />,
  filter: <path d="M4 6h16M7 12h10M10 18h4" />,
  download: <path d="M12 4v11M7 10.5l5 5 5-5M5 20h14" />,
  formula: <path d="M18 5H7l6 7-6 7h11" />,
  sun: (
    <>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4" />
    </>
  ),
  moon: <path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z" />,
  system: (
    <>
      <rect x="3" y="5" width="18" height="12" rx="2" />
      <path d="M9 21h6M12 17v4" />
    </>
  ),
} satisfies Record<BoardDimension, ReactNode> & Record<string, ReactNode>

export type IconName = keyof typeof SHAPES

/** An icon beside a name: never the only carrier of a meaning, so hidden from screen readers. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {SHAPES[name]}
    </svg>
  )
}
