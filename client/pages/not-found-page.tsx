import { Link } from 'react-router'
import { texts } from '../texts/en.ts'
import { usePageTitle } from '../ui/use-page.ts'

/** An address that leads nowhere. */
export function NotFoundPage() {
  usePageTitle(texts.notFound.title)
  return (
    <div className="page">
      <h1 className="page-title">{texts.notFound.title}</h1>
      <p className="page-lead">{texts.notFound.lead}</p>
      <p>
        <Link className="button" to="/">
          {texts.notFound.home}
        </Link>
      </p>
    </div>
  )
}
