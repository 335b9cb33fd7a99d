/** The method in plain words: sections of paragraphs. Kept apart, since it is read by few and long. */
export const method: readonly {
  readonly id: string
  readonly title: string
  readonly paragraphs: readonly string[]
}[] = [
  {
    id: 'battles',
    title: 'What a battle is',
    paragraphs: [
      'You ask one question. Two models are drawn, pairs that teach the boards more a little more often, placed at random as A and B, and answer at the same time and at the same pace. Nothing on the page, in the network traffic or in an error message says who they are before you have judged.',
      'With which probability the pair was drawn is written down with the battle, so that nobody has to guess it later.',
      'If one side fails, the battle does not count against it: you can ask the same model again or have it replaced.',
    ],
  },
  {
    id: 'questions',
    title: 'Why three questions',
    paragraphs: [
      'Asked for one overall impression, people forgive errors of fact that are pleasantly written (Wu & Aji, 2023, “Style over Substance”). So the arena asks three separate questions: is it right, does it help, is it well written? A model can win one and lose another, and the boards show it.',
      '“Can’t say” is always possible, and often the honest answer: it counts for nobody. “Both bad” is counted as a tie in the ratings and shown as a share of its own, because two bad answers are not the same as two good ones.',
      'Nobody is ever asked for an overall winner. The overall board is derived: one strength per model, fitted to all three questions at once, each weighing the same unless you choose otherwise.',
    ],
  },
  {
    id: 'ratings',
    title: 'How the numbers are made',
    paragraphs: [
      'Each question has a board of its own. A rating is a model’s strength: the difference between two says how often one wins against the other. 100 points more mean 64 % of the wins, 200 points 76 %, 400 points 91 %. The ratings shown are those that make all votes together most likely (Bradley–Terry); no vote weighs more because it came early or late. The mean of all models is 1,000. A tie and “both bad” count one half for each side.',
      'Every rating has a 95 % interval, and the votes of one person are taken together in it, since they are not independent of each other. A range of ranks such as 2–5 holds every place that the votes leave open. Where ranges overlap, read small differences as no difference.',
      'A rating with fewer than 30 votes is marked as provisional. A model that has never lost, or never won, has no finite rating yet: it stands at the end of the board and says so.',
      'Beside it stands the classic Elo, which moves after every vote and which you see when names are revealed: everybody starts at 1,000, the winner takes at most 4 points from the loser. It depends on the order of the votes and has no interval; the boards do not rank by it.',
      'Every rating is computed from the log of votes and from nothing else: drop the ratings, replay the log, and the same numbers come out, bit by bit.',
    ],
  },
  {
    id: 'data',
    title: 'What is kept, and what is open',
    paragraphs: [
      'Kept: your question, the two answers, your three verdicts, and the remark if you leave one. You are a random number in a signed cookie that this site sets; there is no account, no tracker and no other host.',
      'Open: the votes. Who was compared, who won on which question, when, with your random number replaced by a keyed hash. Votes are published a while after they were given, without questions and answers.',
      'Your battles are visible to you alone.',
    ],
  },
]
