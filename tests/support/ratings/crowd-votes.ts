import { readFileSync } from 'node:fs'

/** A vote of the LLMFAO crowd: who compared which two models on which prompt, and what they said. */
export type CrowdVote = {
  readonly left: string
  readonly right: string
  readonly winner: 'left' | 'right' | 'tie'
  readonly worker: string
  readonly prompt: string
}

/** The votes of `evalica-llmfao.csv`. No field of it has a comma or a quote. */
export function crowdVotes(): CrowdVote[] {
  const file = new URL('../../golden/data/evalica-llmfao.csv', import.meta.url)
  const [header = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  const names = header.split(',')
  return lines.map((line) => {
    const fields = line.split(',')
    const field = (name: string) => fields[names.indexOf(name)] ?? ''
    return {
      left: field('left'),
      right: field('right'),
      winner: field('winner') as CrowdVote['winner'],
      worker: field('worker'),
      prompt: field('prompt'),
    }
  })
}
