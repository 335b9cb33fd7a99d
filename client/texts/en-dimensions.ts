import type { BoardDimension } from '../../shared/dimensions.ts'

/** What the dimensions are called. */
export const dimensionNames: Readonly<Record<BoardDimension, string>> = {
  overall: 'Overall',
  accuracy: 'Accuracy',
  helpfulness: 'Helpfulness',
  language: 'Language',
}
