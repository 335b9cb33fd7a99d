import { moreTexts } from '../../texts/en-admin-more.ts'
import { Icon } from '../../ui/icon.tsx'

const { list } = moreTexts

/** Whether a list follows what happens; for those who read, it can be held. */
export function WatchSwitch({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }) {
  return (
    <button
      type="button"
      className="button list-watch"
      data-kind="quiet"
      aria-label={on ? list.pause : list.resume}
      onClick={() => onChange(!on)}
    >
      <Icon name={on ? 'pause' : 'play'} /> {on ? list.watching : list.paused}
    </button>
  )
}
