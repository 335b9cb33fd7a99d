import {
  ROTATED_PURPOSES,
  type KeyCare,
  type ListedKey,
  type RotatedPurpose,
} from '../../server/secrets/key-care.ts'
import { ACTOR, readOptions, UsageError } from './usage.ts'

const DAY_MS = 86_400_000

type KeysCommand = (care: KeyCare) => Promise<void>

/** `keys list`, `keys rotate`, `keys prune`. */
export function readKeysCommand(verb: string | undefined, rest: string[]): KeysCommand {
  if (verb === 'list' && rest.length === 0) return list
  if (verb === 'rotate') return rotate(rest)
  if (verb === 'prune') return prune(rest)
  throw new UsageError(`cannot read "keys ${[verb, ...rest].join(' ')}"`)
}

const list: KeysCommand = async (care) => {
  const { keys, missing } = await care.list()
  for (const key of keys) {
    const days = Math.max(0, Math.floor((Date.now() - key.createdAt) / DAY_MS))
    const made = new Date(key.createdAt).toISOString()
    console.log(`${key.id}\t${key.purpose}\t${made}\t${days} days\t${useOf(key)}`)
  }
  for (const id of missing) {
    console.error(`Provider keys are sealed with ${id}, which this file does not hold.`)
  }
}

function useOf({ purpose, current, sealed }: ListedKey): string {
  if (purpose === 'sealing') {
    return `${current ? 'seals' : 'opens'}, ${sealed ?? 0} provider keys`
  }
  if (purpose === 'cookies') return current ? 'signs' : 'verifies'
  return current ? 'hashes' : 'unused'
}

function rotate(args: string[]): KeysCommand {
  const { purpose } = readOptions(args, { purpose: { type: 'string' } })
  if (purpose === 'voters') {
    throw new UsageError("voters' keys stay: every voter would be somebody else with another one")
  }
  if (purpose !== undefined && !isRotated(purpose)) {
    throw new UsageError(`--purpose must be one of ${ROTATED_PURPOSES.join(', ')}`)
  }
  const purposes = purpose === undefined ? ROTATED_PURPOSES : [purpose]
  return async (care) => {
    const { added, resealed, unreadable } = await care.rotate(purposes, ACTOR)
    for (const [index, id] of added.entries()) console.log(`${id}\t${purposes[index] ?? ''}`)
    if (purposes.includes('sealing')) console.error(`Provider keys sealed anew: ${resealed}.`)
    for (const slug of unreadable) {
      console.error(`The key of the model ${slug} cannot be opened: give it again.`)
    }
  }
}

function isRotated(text: string): text is RotatedPurpose {
  return (ROTATED_PURPOSES as readonly string[]).includes(text)
}

function prune(args: string[]): KeysCommand {
  const { force } = readOptions(args, { force: { type: 'boolean', default: false } })
  return async (care) => {
    const { dropped, waiting } = await care.prune({ force }, ACTOR)
    for (const id of dropped) console.log(id)
    for (const id of waiting) {
      console.error(`${id} waits until ten minutes after it was replaced: prune again then.`)
    }
    if (dropped.length + waiting.length === 0) console.error('Every key is still needed.')
  }
}
