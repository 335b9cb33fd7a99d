import { Link } from 'react-router'
import { texts } from '../texts/en.ts'
import './footer.css'

/** What a researcher looks for at the end of a page. */
export function Footer() {
  return (
    <footer className="footer">
      <p>{texts.footer.motto}</p>
      <ul>
        <li>
          <Link to="/about">{texts.footer.method}</Link>
        </li>
        <li>
          <a href="/docs">{texts.footer.api}</a>
        </li>
        <li>
          <a href="/api/v1/exports/votes?format=csv" download>
            {texts.footer.data}
          </a>
        </li>
      </ul>
    </footer>
  )
}
