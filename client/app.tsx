import { lazy } from 'react'
import { Route, Routes } from 'react-router'
import { AskPage } from './ask/ask-page.tsx'
import { Layout } from './layout/layout.tsx'

// The arena itself comes at once; everything else when it is asked for.
const BattlePage = lazy(async () => ({
  default: (await import('./battle/battle-page.tsx')).BattlePage,
}))
const LeaderboardPage = lazy(async () => ({
  default: (await import('./leaderboard/leaderboard-page.tsx')).LeaderboardPage,
}))
const BattlesPage = lazy(async () => ({
  default: (await import('./pages/battles-page.tsx')).BattlesPage,
}))
const ModelsPage = lazy(async () => ({
  default: (await import('./pages/models-page.tsx')).ModelsPage,
}))
const ModelPage = lazy(async () => ({
  default: (await import('./pages/model-page.tsx')).ModelPage,
}))
const AboutPage = lazy(async () => ({
  default: (await import('./pages/about-page.tsx')).AboutPage,
}))
const MethodsPage = lazy(async () => ({
  default: (await import('./pages/methods-page.tsx')).MethodsPage,
}))
const AdminApp = lazy(async () => ({
  default: (await import('./admin/admin-app.tsx')).AdminApp,
}))
const NotFoundPage = lazy(async () => ({
  default: (await import('./pages/not-found-page.tsx')).NotFoundPage,
}))

/** The pages and their addresses. */
export function App() {
  return (
    <Routes>
      <Route element={<Layout />}>
        <Route index element={<AskPage />} />
        <Route path="battles" element={<BattlesPage />} />
        <Route path="battles/:battleId" element={<BattlePage />} />
        <Route path="leaderboard" element={<LeaderboardPage />} />
        <Route path="models" element={<ModelsPage />} />
        <Route path="models/:slug" element={<ModelPage />} />
        <Route path="about" element={<AboutPage />} />
        <Route path="method" element={<MethodsPage />} />
        <Route path="admin/*" element={<AdminApp />} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  )
}
