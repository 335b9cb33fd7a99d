import type { Dimension } from '../../shared/dimensions.ts'
import { dimensionNames } from './en-dimensions.ts'
import { count, formatDate, formatOrdinal } from './format.ts'

/** The sentences of the leaderboard. */
export const boardTexts = {
  title: 'Leaderboard',
  lead: 'Three questions, three rankings. A model can be first in one and ninth in another.',
  tabs: 'Board',
  overview: 'Side by side',
  columns: {
    rank: 'Rank',
    model: 'Model',
    elo: 'Elo',
    votes: 'Votes',
    wins: 'Wins',
    losses: 'Losses',
    ties: 'Ties',
    bothBad: 'Both bad',
    spread: 'Spread',
  },
  bothBadHint: 'Share of its battles in which both answers were judged bad',
  spreadHint: 'How many places its three ranks lie apart',
  spreadPlaces: (places: number) => (places === 0 ? 'agree' : count(places, 'place', 'places')),
  derived: 'Derived from the three, never asked.',
  provisional: 'provisional',
  provisionalHint: 'Few votes so far: this place can change quickly.',
  unranked: 'not ranked yet',
  live: 'Live',
  pause: 'Pause',
  resume: 'Go on',
  paused: (waiting: number) =>
    waiting === 0 ? 'Paused' : `Paused, ${count(waiting, 'change waits', 'changes wait')}`,
  offline: 'Not connected; showing the last state',
  loading: 'Fetching the board …',
  empty: 'No votes yet. The first battle decides the first place.',
  votes: (votes: number) => count(votes, 'vote', 'votes'),
  version: (version: number) => `version ${version}`,
  intervals: 'Intervals arrive with the exact rating engine; Elo depends on the order of votes.',
  how: 'How these numbers are made',
  download: 'Download',
  csv: 'CSV',
  json: 'JSON',
  exportVotes: 'All votes',
  cite: (board: string, version: number, at: string) =>
    `Trivium leaderboard, ${board}, version ${version}, ${formatDate(at)}, Elo, human votes.`,
  citation: 'Cite as',
  disagree: 'Where they disagree',
  disagreeLead: 'Models by how far their three places lie apart.',
  disagreement: (name: string, best: Dimension, top: number, worst: Dimension, low: number) =>
    `${name}: ${formatOrdinal(top)} in ${dimensionNames[best].toLowerCase()}, ${formatOrdinal(low)} in ${dimensionNames[worst].toLowerCase()}`,
} as const
