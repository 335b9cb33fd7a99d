import { useRef } from 'react'
import { texts } from '../texts/en.ts'
import { Icon } from '../ui/icon.tsx'
import { setSingleKeys, usePageKeys, useSingleKeysEnabled } from '../ui/use-single-keys.ts'

/** The keys of a battle, in a dialog that `?` opens too. */
export function KeysHelp() {
  const dialog = useRef<HTMLDialogElement>(null)
  const enabled = useSingleKeysEnabled()
  usePageKeys((key) => {
    if (key !== '?' || dialog.current === null) return false
    if (dialog.current.open) dialog.current.close()
    else dialog.current.showModal()
    return true
  })
  return (
    <>
      <button
        type="button"
        className="button keys-button"
        data-kind="quiet"
        aria-haspopup="dialog"
        onClick={() => dialog.current?.showModal()}
      >
        {texts.verdict.keys} <kbd>?</kbd>
      </button>
      <dialog ref={dialog} className="keys" aria-labelledby="keys-title">
        <header>
          <h2 id="keys-title">{texts.keys.title}</h2>
          <button
            type="button"
            className="button"
            data-kind="icon"
            aria-label={texts.keys.close}
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </header>
        <dl>
          {texts.keys.list.map(([keys, meaning]) => (
            <div key={meaning}>
              <dt>{keys.map((key) => (key === '…' ? ' … ' : <kbd key={key}>{key}</kbd>))}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        <label className="keys-toggle">
          <input
            type="checkbox"
            checked={enabled}
            onChange={(event) => setSingleKeys(event.target.checked)}
          />
          <span>
            {texts.keys.toggle}
            <small>{texts.keys.toggleHint}</small>
          </span>
        </label>
      </dialog>
    </>
  )
}
