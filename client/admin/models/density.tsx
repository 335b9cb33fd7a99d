import { useSyncExternalStore } from 'react'
import { adminTexts } from '../../texts/en-admin.ts'
import { readLocal, writeLocal } from '../../ui/storage.ts'

export type Density = 'dense' | 'roomy'

const STORED = 'trivium-admin-density'
let density: Density = readLocal(STORED) === 'roomy' ? 'roomy' : 'dense'
const listeners = new Set<() => void>()

/** How close the lines of the table are set in this browser. A finger gets roomy ones always. */
export function useDensity(): Density {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => density,
  )
}

/** Chooses between lines that all fit a screen and lines that are easy to hit. */
export function DensitySwitch({ density: shown }: { density: Density }) {
  const change = () => {
    density = shown === 'dense' ? 'roomy' : 'dense'
    writeLocal(STORED, density === 'dense' ? null : density)
    for (const listener of listeners) listener()
  }
  return (
    <button
      type="button"
      className="button density-switch"
      data-kind="quiet"
      aria-pressed={shown === 'roomy'}
      onClick={change}
    >
      {adminTexts.models.roomy}
    </button>
  )
}
