import { LONGEST_STEP } from './bradley-terry.ts'

/**
 * Adds a Newton step, shortened to `‖step‖∞ = 2` logits if it is longer.
 *
 * @returns the length ‖step‖∞ that it had before; NaN if it is none
 */
export function addStep(parameters: Float64Array, step: Float64Array): number {
  let length = 0
  for (const each of step) length = Math.max(length, Math.abs(each))
  const scale = length > LONGEST_STEP ? LONGEST_STEP / length : 1
  for (let i = 0; i < parameters.length; i += 1) parameters[i]! += scale * step[i]!
  return length
}
