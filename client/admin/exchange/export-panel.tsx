import { useState } from 'react'
import type { ImportFormat } from '../../../shared/schemas/admin.ts'
import { downloadText } from '../../figures/download.ts'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { announce } from '../../ui/announcer.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useAdmin } from '../session.tsx'

const { exchange } = moreTexts

/** What each format's file is called and is. */
const FILES: Readonly<Record<ImportFormat, { name: string; type: string }>> = {
  yaml: { name: 'models.yaml', type: 'application/yaml' },
  json: { name: 'models.json', type: 'application/json' },
  fastchat: { name: 'api_endpoints.json', type: 'application/json' },
}
const FORMATS = Object.keys(FILES) as ImportFormat[]

/** The models as a file, without their keys. */
export function ExportPanel() {
  const { api } = useAdmin()
  const [retired, setRetired] = useState(false)
  const [busy, setBusy] = useState<ImportFormat | null>(null)
  const [fault, setFault] = useState<string | null>(null)

  const download = async (format: ImportFormat) => {
    if (busy !== null) return
    setBusy(format)
    const query = new URLSearchParams({ format, retired: retired ? '1' : '0' })
    // Asked for by the page rather than by a link, so that a refusal is told here.
    const answer = await api.text(`/models/export?${query.toString()}`)
    setBusy(null)
    setFault(answer.ok ? null : answer.error.message)
    if (!answer.ok) return
    const { name, type } = FILES[format]
    downloadText(answer.value, name, type)
    announce(exchange.downloaded(name))
  }

  return (
    <section className="exchange-part" aria-labelledby="export">
      <h2 id="export">{exchange.export}</h2>
      <p className="admin-hint">{exchange.exportLead}</p>
      <label className="check-line">
        <input
          type="checkbox"
          checked={retired}
          onChange={({ target }) => setRetired(target.checked)}
        />
        {exchange.retired}
      </label>
      <ul className="export-list">
        {FORMATS.map((format) => (
          <li key={format}>
            <button
              type="button"
              className="button"
              aria-disabled={busy !== null}
              aria-describedby={`export-${format}`}
              onClick={() => void download(format)}
            >
              <Icon name="download" /> {exchange.download(exchange.formats[format].name)}
            </button>
            <p id={`export-${format}`} className="admin-hint">
              {exchange.formats[format].about}
            </p>
          </li>
        ))}
      </ul>
      {fault !== null && <Notice title={fault} />}
    </section>
  )
}
