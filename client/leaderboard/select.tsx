import type { ReactNode } from 'react'

type SelectProps = {
  name: string
  value: string
  disabled?: boolean
  onChange: (value: string) => void
  children: ReactNode
}

/** A named choice from a list. */
export function Select({ name, value, disabled = false, onChange, children }: SelectProps) {
  return (
    <label className="field">
      <span>{name}</span>
      <select value={value} disabled={disabled} onChange={({ target }) => onChange(target.value)}>
        {children}
      </select>
    </label>
  )
}
