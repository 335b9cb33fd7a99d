import { boardTexts } from '../texts/en-board.ts'
import type { Address } from './address.ts'

const { filters } = boardTexts

/** What is chosen, in a few words: what a closed bar still tells. */
export function summaryOf(address: Address): string {
  const { language, category, turns, judge, method, style, ties, without } = address
  return [
    filters.methods[method],
    boardTexts.languageName(language),
    boardTexts.categoryName(category),
    filters.votesOf[judge],
    ...(turns === 'both' ? [] : [filters.turnsOf[turns]]),
    ...(style ? [filters.style] : []),
    ...(ties === 'half' ? [] : [filters.tiesOf[ties]]),
    ...(without.length === 0 ? [] : [boardTexts.leftOut(without.length)]),
  ].join(' · ')
}
