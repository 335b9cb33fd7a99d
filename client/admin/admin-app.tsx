import { Suspense, lazy } from 'react'
import type { ReactNode } from 'react'
import { Route, Routes } from 'react-router'
import { NotFoundPage } from '../pages/not-found-page.tsx'
import { AdminNav } from './admin-nav.tsx'
import { Forbidden } from './forbidden.tsx'
import type { NeededScope } from './scope.ts'
import { SessionGate, useAdmin } from './session.tsx'
import { Toasts } from './toasts.tsx'
import './admin.css'

const ModelsPage = lazy(async () => ({
  default: (await import('./models/models-page.tsx')).ModelsPage,
}))
const ModelPage = lazy(async () => ({
  default: (await import('./model/model-page.tsx')).ModelPage,
}))
const WizardPage = lazy(async () => ({
  default: (await import('./wizard/wizard-page.tsx')).WizardPage,
}))
const WeightsPage = lazy(async () => ({
  default: (await import('./weights/weights-page.tsx')).WeightsPage,
}))
const ExchangePage = lazy(async () => ({
  default: (await import('./exchange/exchange-page.tsx')).ExchangePage,
}))
const FailuresPage = lazy(async () => ({
  default: (await import('./failures/failures-page.tsx')).FailuresPage,
}))
const AdminBattlesPage = lazy(async () => ({
  default: (await import('./battles/admin-battles-page.tsx')).AdminBattlesPage,
}))
const AlertsPage = lazy(async () => ({
  default: (await import('./alerts/alerts-page.tsx')).AlertsPage,
}))
const AuditPage = lazy(async () => ({
  default: (await import('./audit/audit-page.tsx')).AuditPage,
}))
const TokensPage = lazy(async () => ({
  default: (await import('./tokens/tokens-page.tsx')).TokensPage,
}))

/** The administrators' console, below `/admin`. */
export function AdminApp() {
  return (
    <SessionGate>
      <Toasts>
        <div className="admin">
          <AdminNav />
          <Suspense fallback={<div className="page-loading" />}>
            <Routes>
              <Route index element={<Room needs="operator" page={<ModelsPage />} />} />
              <Route path="new" element={<Room needs="admin" page={<WizardPage />} />} />
              <Route path="models/:slug" element={<Room needs="operator" page={<ModelPage />} />} />
              <Route path="weights" element={<Room needs="operator" page={<WeightsPage />} />} />
              <Route path="exchange" element={<Room needs="admin" page={<ExchangePage />} />} />
              <Route
                path="failures/:id?"
                element={<Room needs="operator" page={<FailuresPage />} />}
              />
              <Route
                path="battles/:id?"
                element={<Room needs="admin" page={<AdminBattlesPage />} />}
              />
              <Route path="alerts" element={<Room needs="operator" page={<AlertsPage />} />} />
              <Route path="audit" element={<Room needs="admin" page={<AuditPage />} />} />
              <Route path="tokens" element={<Room needs="admin" page={<TokensPage />} />} />
              <Route path="*" element={<NotFoundPage />} />
            </Routes>
          </Suspense>
        </div>
      </Toasts>
    </SessionGate>
  )
}

/** A page for those whose token may see it. */
function Room({ needs, page }: { needs: NeededScope; page: ReactNode }) {
  const { may } = useAdmin()
  return may(needs) ? page : <Forbidden needs={needs} />
}
