import { formTexts } from '../../texts/en-admin-form.ts'
import { PRESETS, type PresetId } from '../form/presets.ts'

const { wizard } = formTexts

type Props = { chosen: PresetId; onChoose: (id: PresetId) => void }

/** Whose server it is: fills in what is known of it. */
export function PresetChoice({ chosen, onChoose }: Props) {
  return (
    <div className="presets" role="radiogroup" aria-label={wizard.preset}>
      {(['company', 'own'] as const).map((group) => (
        <div key={group} className="preset-group">
          <p className="admin-hint">{group === 'company' ? wizard.companies : wizard.own}</p>
          <div className="preset-list">
            {PRESETS.filter((preset) => preset.group === group).map(({ id, name }) => (
              <label key={id} className="preset">
                <input
                  type="radio"
                  name="preset"
                  value={id}
                  checked={chosen === id}
                  onChange={() => onChoose(id)}
                />
                <span>{name}</span>
              </label>
            ))}
          </div>
        </div>
      ))}
    </div>
  )
}
