import { texts } from '../texts/en.ts'

/** Three roads that meet, which is what a trivium is. */
export function Brand() {
  return (
    <span className="brand">
      <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <path className="road-accuracy" d="M16 17 6 6" />
        <path className="road-helpfulness" d="M16 17 26 6" />
        <path className="road-language" d="M16 17v10" />
      </svg>
      {texts.brand}
    </span>
  )
}
