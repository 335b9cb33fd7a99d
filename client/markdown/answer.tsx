import { Suspense, lazy } from 'react'

const AnswerBlocks = lazy(async () => ({
  default: (await import('./answer-blocks.tsx')).AnswerBlocks,
}))

type Props = { text: string; live: boolean; testId?: string | undefined }

/** An answer. Until the renderer of Markdown has loaded, the text as it is. */
export function Answer({ text, live, testId }: Props) {
  return (
    <div className="answer" data-testid={testId} data-live={live || undefined}>
      <Suspense fallback={<div className="answer-plain">{text}</div>}>
        {text !== '' && <AnswerBlocks text={text} live={live} />}
      </Suspense>
    </div>
  )
}
