import { describe, expect, it } from 'vitest'
import { commandOptions, formulaOf, isThin } from '../../../../client/leaderboard/made.ts'
import type { Board } from '../../../../shared/schemas/leaderboard.ts'
import { boardOf } from './rows.ts'

const sliced = (slice: Partial<Board['slice']>): Board => {
  const board = boardOf('accuracy', [])
  return { ...board, slice: { ...board.slice, ...slice } }
}

describe('how a board is made', () => {
  it('names the command that computes it again, where there is one', () => {
    expect(commandOptions(sliced({}))).toBe('--dimension accuracy')
    expect(commandOptions(sliced({ method: 'davidson', judge: 'model' }))).toBe(
      '--dimension accuracy --method davidson --judge model',
    )
    const weights = 'accuracy:2,helpfulness:1,language:1'
    expect(commandOptions(sliced({ dimension: 'overall', weights, style: true }))).toBe(
      `--dimension overall --weights ${weights} --style`,
    )
    expect(commandOptions(sliced({ language: 'de' }))).toBeNull()
    expect(commandOptions(sliced({ dimension: 'overall', method: 'elo' }))).toBeNull()
  })

  it('has a formula of its own for every method and for overall', () => {
    const formulas = (['bradley-terry', 'davidson', 'elo'] as const).map(
      (method) => formulaOf(sliced({ method })).tex,
    )
    formulas.push(formulaOf(sliced({ dimension: 'overall' })).tex)
    expect(new Set(formulas).size).toBe(4)
  })

  it('calls a lead thin that few votes would undo', () => {
    const leader = { model: 'x', runnerUp: 'y', gap: 5, votesToFlip: 4, share: 0.0001 }
    expect(isThin(leader)).toBe(true)
    expect(isThin({ ...leader, votesToFlip: 400, share: 0.1 })).toBe(false)
  })
})
