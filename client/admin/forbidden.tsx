import { adminTexts } from '../texts/en-admin.ts'
import { usePageTitle } from '../ui/use-page.ts'
import type { NeededScope } from './scope.ts'
import { useAdmin } from './session.tsx'

/** A page of the console that this token may not see, and why. */
export function Forbidden({ needs }: { needs: NeededScope }) {
  const { session } = useAdmin()
  usePageTitle(adminTexts.forbidden.title)
  return (
    <div className="page">
      <h1 className="page-title">{adminTexts.forbidden.title}</h1>
      <p className="page-lead">{adminTexts.needs(needs, session.scope)}</p>
      <p className="page-lead">{adminTexts.forbidden.scopes[session.scope]}</p>
    </div>
  )
}
