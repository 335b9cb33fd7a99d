import { moreTexts } from '../../texts/en-admin-more.ts'
import { AdminPage } from '../admin-page.tsx'
import { ExportPanel } from './export-panel.tsx'
import { ImportPanel } from './import-panel.tsx'
import '../lists/lists.css'
import './exchange.css'

const { exchange } = moreTexts

/** All models as a file, out and in. */
export function ExchangePage() {
  return (
    <AdminPage title={exchange.title} lead={exchange.lead}>
      <ExportPanel />
      <ImportPanel />
    </AdminPage>
  )
}
