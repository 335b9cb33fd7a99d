import { DIMENSIONS } from '../../shared/dimensions.ts'
import type { Outcome } from '../battle/state.ts'
import { texts } from '../texts/en.ts'
import { CopyButton } from '../ui/copy-button.tsx'

type Props = { battleId: string; outcome: Outcome }

/** What can be passed on: the address, or what was decided, without question and answers. */
export function Share({ battleId, outcome }: Props) {
  const link = () => new URL(`/battles/${battleId}`, location.href).href
  return (
    <>
      <CopyButton label={texts.reveal.copyLink} icon="link" text={link} wide />
      <CopyButton
        label={texts.reveal.copyResult}
        text={() => `${resultText(outcome)}\n${link()}`}
        wide
      />
    </>
  )
}

/** A battle's result in words. */
export function resultText({ reveal, verdicts }: Outcome): string {
  const lines = DIMENSIONS.map((dimension) => {
    const verdict = verdicts[dimension]
    const said = verdict === 'a' || verdict === 'b' ? reveal[verdict].name : texts.verdicts[verdict]
    return `${texts.dimensions[dimension]}: ${said}`
  })
  return [texts.reveal.shareLine(reveal.a.name, reveal.b.name), ...lines].join('\n')
}
