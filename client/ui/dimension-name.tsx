import type { BoardDimension } from '../../shared/dimensions.ts'
import { texts } from '../texts/en.ts'
import { Icon } from './icon.tsx'

/** A dimension as it looks everywhere: its icon, its name, its colour. */
export function DimensionName({ dimension }: { dimension: BoardDimension }) {
  return (
    <span className="dimension-name" data-dimension={dimension}>
      <Icon name={dimension} />
      <span className="dimension-word">{texts.dimensions[dimension]}</span>
    </span>
  )
}
