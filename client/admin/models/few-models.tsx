import type { AdminModel } from '../../../shared/schemas/model.ts'
import { adminTexts } from '../../texts/en-admin.ts'
import { Notice } from '../../ui/notice.tsx'
import { canBeDrawn } from './statuses.ts'

/** Says that no battle can start, and what helps, while fewer than two models can be drawn. */
export function FewModels({ models }: { models: readonly AdminModel[] }) {
  const { few } = adminTexts.models
  const drawable = models.filter(canBeDrawn).length
  if (drawable >= 2) return null
  return (
    <div className="models-few" data-testid="few-models">
      <Notice title={few.title(drawable)}>
        <p>{few.help}</p>
      </Notice>
    </div>
  )
}
