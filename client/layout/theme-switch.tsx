import { texts } from '../texts/en.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { THEMES, setTheme, useTheme, type Theme } from './theme.ts'

const ICONS: Readonly<Record<Theme, IconName>> = { system: 'system', light: 'sun', dark: 'moon' }

/** One button that goes round: as the system, light, dark. Its name says what is chosen. */
export function ThemeSwitch() {
  const theme = useTheme()
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system'
  const label = `${texts.theme.label}: ${texts.theme[theme]}`
  return (
    <button
      type="button"
      className="button"
      data-kind="icon"
      aria-label={label}
      title={label}
      onClick={() => setTheme(next)}
    >
      <Icon name={ICONS[theme]} />
    </button>
  )
}
