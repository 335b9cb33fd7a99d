import { memo, useMemo } from 'react'
import Markdown, { type Options } from 'react-markdown'
import rehypeSanitize from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import remarkMath from 'remark-math'
import remend from 'remend'
import { answerElements } from './elements.tsx'
import { closeMath, normalizeMath } from './math.ts'
import { rehypeFit, remarkLineBreaks } from './plugins.ts'
import { answerSchema } from './sanitize.ts'
import { splitBlocks } from './split-blocks.ts'
import './answer.css'

const REMARK: NonNullable<Options['remarkPlugins']> = [remarkGfm, remarkMath, remarkLineBreaks]
const REHYPE: NonNullable<Options['rehypePlugins']> = [[rehypeSanitize, answerSchema], rehypeFit]

/** An answer as Markdown, block by block: while it grows, only its last block is drawn again. */
export function AnswerBlocks({ text, live }: { text: string; live: boolean }) {
  const blocks = useMemo(() => splitBlocks(text), [text])
  return blocks.map((block, index) => (
    // A block keeps its place for as long as the answer only grows.
    // oxlint-disable-next-line react/no-array-index-key
    <Block key={index} text={block} live={live && index === blocks.length - 1} />
  ))
}

const Block = memo(({ text, live }: { text: string; live: boolean }) => {
  // What is not closed yet is closed for the moment, so that half a table or formula has its form.
  const complete = live ? remend(closeMath(text), { linkMode: 'text-only' }) : text
  return (
    <Markdown remarkPlugins={REMARK} rehypePlugins={REHYPE} components={answerElements}>
      {normalizeMath(complete)}
    </Markdown>
  )
})
Block.displayName = 'Block'
