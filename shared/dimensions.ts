/**
 * The three questions of the arena. They are asked separately because one overall question lets
 * polish hide errors of fact (Wu & Aji 2023, "Style over Substance").
 */
export const DIMENSIONS = ['accuracy', 'helpfulness', 'language'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** What a board may be asked for: a dimension, or the composite that is derived from all three. */
export const BOARD_DIMENSIONS = ['overall', ...DIMENSIONS] as const
export type BoardDimension = (typeof BOARD_DIMENSIONS)[number]

/** The questions in the words of the contract, the same for people and for models that judge. */
export const DIMENSION_QUESTIONS: Readonly<Record<Dimension, string>> = {
  accuracy: 'Are the facts, the reasoning and the results right?',
  helpfulness: 'Does it do what was asked, in full, in a form one can use?',
  language: 'Is it well written, clear, correct and in the language asked for?',
}

/** One value per dimension. */
export type PerDimension<T> = Record<Dimension, T>

/** Builds one value per dimension, in the fixed order of {@link DIMENSIONS}. */
export function perDimension<T>(make: (dimension: Dimension) => T): PerDimension<T> {
  return {
    accuracy: make('accuracy'),
    helpfulness: make('helpfulness'),
    language: make('language'),
  }
}
