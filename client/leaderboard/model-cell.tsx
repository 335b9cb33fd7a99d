import { Link } from 'react-router'
import type { ModelRef } from '../../shared/schemas/common.ts'
import { boardTexts } from '../texts/en-board.ts'

/** Who a row is about. */
export function ModelCell({ model, provisional }: { model: ModelRef; provisional: boolean }) {
  return (
    <th scope="row" role="rowheader" className="board-model">
      <Link to={`/models/${model.slug}`}>{model.name}</Link>
      <span className="board-maker">
        {model.organization}
        {provisional && (
          <span className="board-provisional" title={boardTexts.provisionalHint}>
            {boardTexts.provisional}
          </span>
        )}
      </span>
    </th>
  )
}
