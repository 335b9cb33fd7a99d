import { memo, useMemo } from 'react'
import Markdown, { type Options } from 'react-markdown'
import rehypeSanitize from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import remarkMath from 'remark-math'
import remend from 'remend'
import { answerElements } from './elements.tsx'
import { closeMath, normalizeMath } from './math.ts'
import { headingLevels, rehypeFit, remarkPlainHtml } from './plugins.ts'
import { answerSchema } from './sanitize.ts'
import { splitBlocks } from './split-blocks.ts'
import './answer.css'

const REMARK: NonNullable<Options['remarkPlugins']> = [remarkGfm, remarkMath, remarkPlainHtml]
/** An answer as Markdown, block by block: while it grows, only its last block is drawn again. */
export function AnswerBlocks({ text, live }: { text: string; live: boolean }) {
  const blocks = useMemo(() => splitBlocks(text), [text])
  const headings = useMemo(() => headingLevels(text), [text])
  return blocks.map((block, index) => (
    // A block keeps its place for as long as the answer only grows.
    // oxlint-disable-next-line react/no-array-index-key
    <Block
      key={index}
      text={block}
      headings={headings}
      live={live && index === blocks.length - 1}
    />
  ))
}

type BlockProps = { text: string; headings: string; live: boolean }

const Block = memo(({ text, headings, live }: BlockProps) => {
  // What is not closed yet is closed for the moment, so that half a table or formula has its form.
  const complete = live ? remend(closeMath(text), { linkMode: 'text-only' }) : text
  return (
    <Markdown
      remarkPlugins={REMARK}
      rehypePlugins={[
        [rehypeSanitize, answerSchema],
        [rehypeFit, headings],
      ]}
      components={answerElements}
    >
      {normalizeMath(complete)}
    </Markdown>
  )
})
Block.displayName = 'Block'
