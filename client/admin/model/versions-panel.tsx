import { useCallback } from 'react'
import type { Page } from '../../../shared/schemas/common.ts'
import type { AdminModel, ModelVersionView } from '../../../shared/schemas/model.ts'
import type { AuditEntry } from '../../../shared/schemas/system.ts'
import { getJson, type Fetched } from '../../arena/http.ts'
import { adminTexts } from '../../texts/en-admin.ts'
import { formatDateTime } from '../../texts/format.ts'
import { useFetched } from '../../ui/use-fetched.ts'
import { useAdmin } from '../session.tsx'
import { Panel } from './panel.tsx'
import { versionLines, type VersionLine } from './versions.ts'

/** What it was before: each version is a contestant of its own. */
export function VersionsPanel({ model: { slug } }: { model: AdminModel }) {
  const { api, may } = useAdmin()
  const withLog = may('admin')
  const { versions: texts } = adminTexts.model
  const lines = useFetched(
    useCallback(async (): Promise<Fetched<readonly VersionLine[]>> => {
      const path = encodeURIComponent(slug)
      const [versions, log] = await Promise.all([
        getJson<{ items: ModelVersionView[] }>(`/api/v1/models/${path}/versions`),
        withLog
          ? api.get<Page<AuditEntry>>(
              `/audit?subject=${encodeURIComponent(`model ${slug}`)}&limit=200`,
            )
          : null,
      ])
      if (!versions.ok) return versions
      const entries = log?.ok === true ? log.value.items : []
      return { ok: true, value: versionLines(versions.value.items, entries) }
    }, [api, slug, withLog]),
  )
  return (
    <Panel title={texts.title}>
      {lines?.ok === false && <p className="admin-hint">{lines.error.message}</p>}
      <ol className="model-versions">
        {lines?.ok === true &&
          lines.value.map((line) => (
            <li key={line.version}>
              <p>
                <strong>{adminTexts.model.version(line.version)}</strong>{' '}
                <span className="admin-hint figures">
                  {texts.span(
                    formatDateTime(line.from),
                    line.until === null ? null : formatDateTime(line.until),
                  )}
                  {texts.votes(line.votes)}
                  {line.actor !== null && texts.by(line.actor)}
                </span>
              </p>
              {line.changes.length > 0 && (
                <dl>
                  {line.changes.map(({ field, kind, from, to }) => (
                    <div key={field}>
                      <dt>{field}</dt>
                      <dd dir="auto">
                        {kind === 'change' ? (
                          <>
                            <del>{from ?? texts.nothing}</del> → <ins>{to ?? texts.nothing}</ins>
                          </>
                        ) : (
                          to
                        )}
                      </dd>
                    </div>
                  ))}
                </dl>
              )}
            </li>
          ))}
      </ol>
    </Panel>
  )
}
