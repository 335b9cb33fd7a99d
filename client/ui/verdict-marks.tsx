import { DIMENSIONS } from '../../shared/dimensions.ts'
import type { Verdicts } from '../../shared/verdicts.ts'
import { texts } from '../texts/en.ts'
import { Icon } from './icon.tsx'

/** What was decided in each dimension, in a line of a list. */
export function VerdictMarks({ verdicts }: { verdicts: Verdicts }) {
  return DIMENSIONS.map((dimension) => (
    <span key={dimension} data-dimension={dimension}>
      <Icon name={dimension} />
      <span className="visually-hidden">{texts.dimensions[dimension]}: </span>
      {texts.verdicts[verdicts[dimension]]}
    </span>
  ))
}
