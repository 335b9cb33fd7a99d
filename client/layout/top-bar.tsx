import { NavLink } from 'react-router'
import { texts } from '../texts/en.ts'
import { Brand } from './brand.tsx'
import { ThemeSwitch } from './theme-switch.tsx'
import './top-bar.css'

const LINKS = [
  ['/', texts.nav.arena],
  ['/leaderboard', texts.nav.leaderboard],
  ['/battles', texts.nav.battles],
  ['/models', texts.nav.models],
  ['/about', texts.nav.about],
] as const

/** Where one is and where one can go. */
export function TopBar() {
  return (
    <header className="top-bar">
      <NavLink to="/" className="top-bar-home">
        <Brand />
      </NavLink>
      <nav aria-label={texts.nav.label}>
        <ul className="top-bar-links">
          {LINKS.map(([to, name]) => (
            <li key={to}>
              <NavLink to={to} end={to === '/' || to === '/battles'}>
                {name}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <ThemeSwitch />
    </header>
  )
}
