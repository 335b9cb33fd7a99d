import { useId, useState, type DragEvent } from 'react'
import { moreTexts } from '../../texts/en-admin-more.ts'

const { exchange } = moreTexts
/** No text that may be imported has more bytes: four for each character at most. */
const MAX_BYTES = 800_000

type Props = {
  onFile: (content: string, name: string) => void
  onFault: (message: string) => void
}

/** Takes a text file, dropped or chosen. */
export function FileDrop({ onFile, onFault }: Props) {
  const id = useId()
  const [over, setOver] = useState(false)
  const read = async (file: File | undefined) => {
    if (file === undefined) return
    // Before it is read: it may be a video.
    if (file.size > MAX_BYTES) {
      onFault(exchange.tooLarge)
      return
    }
    try {
      onFile(new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer()), file.name)
    } catch {
      onFault(exchange.unreadable)
    }
  }
  const onDrag = (event: DragEvent) => {
    event.preventDefault()
    setOver(event.type === 'dragover')
  }
  return (
    <div
      className="file-drop"
      data-over={over || undefined}
      onDragOver={onDrag}
      onDragLeave={onDrag}
      onDrop={(event) => {
        onDrag(event)
        void read(event.dataTransfer.files[0])
      }}
    >
      <label htmlFor={id}>
        {exchange.drop} <span className="file-drop-choose">{exchange.choose}</span>
      </label>
      <input
        id={id}
        type="file"
        className="visually-hidden"
        accept=".yaml,.yml,.json,.txt,application/json,application/yaml,text/*"
        onChange={({ target }) => {
          void read(target.files?.[0])
          // The same file, changed meanwhile, can be chosen again.
          target.value = ''
        }}
      />
    </div>
  )
}
