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
      'You ask one question. Two models are drawn at random, placed at random as A and B, and answer at the same time and at the same pace. Nothing on the page, in the network traffic or in an error message says who they are before you have judged.',
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
      'Nobody is ever asked for an overall winner. The overall board is derived: the mean of the three ratings.',
    ],
  },
  {
    id: 'ratings',
    title: 'How the numbers are made',
    paragraphs: [
      'Each dimension has its own Elo rating. Everybody starts at 1,000. The difference between two ratings says how often one is expected to win: 400 points are odds of ten to one. After each vote the winner takes points from the loser, at most 4, and more for a surprise than for the expected. A tie and “both bad” count one half for each side.',
      'Elo depends on the order in which votes come in, and it has no interval of its own. Both will change: intervals arrive with the exact rating engine, which weighs all votes at once. Until then read small differences as no difference.',
      'A rating with fewer than 30 votes is marked as provisional. It is shown, since hiding it would help nobody, but it can still move a lot.',
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
