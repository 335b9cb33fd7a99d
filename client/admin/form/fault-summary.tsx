import { formTexts } from '../../texts/en-admin-form.ts'
import { Notice } from '../../ui/notice.tsx'
import type { Fault } from './fields.ts'
import { fieldId } from './use-draft.ts'

/** What has to be mended, beside the button that was pressed, with the way there. */
export function FaultSummary({ faults }: { faults: readonly Fault[] }) {
  if (faults.length === 0) return null
  return (
    <Notice title={formTexts.faults.title(faults.length)}>
      <ul className="fault-list">
        {faults.map(({ path, message }) => (
          <li key={`${path ?? ''} ${message}`}>
            {path === null ? (
              message
            ) : (
              <button type="button" className="link" onClick={() => goTo(fieldId(path))}>
                {formTexts.fields[path]}
              </button>
            )}
            {path !== null && `: ${message}`}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

function goTo(id: string): void {
  const field = document.getElementById(id)
  field?.focus()
  field?.scrollIntoView({ block: 'center' })
}
