import { downloadPng, downloadSvg, downloadText } from '../figures/download.ts'
import type { Figure } from '../figures/svg.ts'
import { boardTexts } from '../texts/en-board.ts'
import { Icon } from '../ui/icon.tsx'

/** A file of data: an address of the arena, or a text that is made here from what is shown. */
export type DataFile = { readonly href: string } | { readonly text: () => string }

type Props = {
  /** The file's name without its ending. */
  name: string
  csv: DataFile | null
  json: DataFile | null
  figure: (() => Figure | null) | null
}

/** The files of what is shown, beside it. */
export function Downloads({ name, csv, json, figure }: Props) {
  const { downloads } = boardTexts
  const draw = (save: (drawn: Figure, name: string) => unknown) => () => {
    const drawn = figure?.() ?? null
    if (drawn !== null) save(drawn, name)
  }
  return (
    <ul className="downloads" aria-label={boardTexts.download} data-testid="downloads">
      {csv !== null && (
        <DataButton file={csv} name={`${name}.csv`} type="text/csv" label={downloads.csv} />
      )}
      {json !== null && (
        <DataButton
          file={json}
          name={`${name}.json`}
          type="application/json"
          label={downloads.json}
        />
      )}
      {figure !== null && (
        <>
          <li>
            <button type="button" className="button" onClick={draw(downloadSvg)}>
              <Icon name="download" /> {downloads.svg}
            </button>
          </li>
          <li>
            <button
              type="button"
              className="button"
              onClick={draw((drawn, as) => void downloadPng(drawn, as))}
            >
              <Icon name="download" /> {downloads.png}
            </button>
          </li>
        </>
      )}
    </ul>
  )
}

type ButtonProps = { file: DataFile; name: string; type: string; label: string }

function DataButton({ file, name, type, label }: ButtonProps) {
  return (
    <li>
      {'href' in file ? (
        <a className="button" href={file.href} download={name}>
          <Icon name="download" /> {label}
        </a>
      ) : (
        <button
          type="button"
          className="button"
          onClick={() => downloadText(file.text(), name, type)}
        >
          <Icon name="download" /> {label}
        </button>
      )}
    </li>
  )
}
