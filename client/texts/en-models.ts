import { count, formatDate, formatPrice, formatWhole } from './format.ts'

/** The sentences of the models' pages. */
export const modelTexts = {
  title: 'Models',
  lead: 'Who competes here, and who did. In a battle nobody knows which two are answering.',
  empty: 'No models yet.',
  notFound: 'There is no such model.',
  all: 'All models',

  filter: {
    label: 'Filter the models',
    text: 'Find',
    textHint: 'Name, maker, licence or tag',
    organization: 'Made by',
    anyOrganization: 'Anybody',
    tag: 'Tag',
    anyTag: 'Any',
    reset: 'Clear filters',
    found: (shown: number, all: number) =>
      shown === all
        ? count(all, 'model', 'models')
        : `${formatWhole(shown)} of ${count(all, 'model', 'models')}`,
    nobody: 'No model is like that.',
  },
  groups: {
    competing: 'Competing',
    paused: 'Paused',
    retired: 'Retired',
  },
  groupLeads: {
    competing: 'They take part in battles.',
    paused: 'Taken out for a while; their ratings stay.',
    retired: 'They compete no more. Their votes still count, and their pages stay.',
  },

  tags: 'Tags',
  links: 'Links',
  facts: 'About this model',
  license: 'Licence',
  organization: 'Made by',
  since: 'Here since',
  version: 'Version',
  sampling: 'Sampling',
  samplingDefault: 'the model’s own defaults',
  price: 'Price',
  prices: (input: number, output: number) => `${formatPrice(input)} in, ${formatPrice(output)} out`,
  pricesUnit: 'per million tokens',
  retired: (at: string, reason: string | null) =>
    `Retired ${formatDate(at)}${reason === null ? '' : `: ${reason}`}`,
  retiredOn: (at: string) => `Retired ${formatDate(at)}`,
  noReason: 'No reason was given.',
  retiredHint: 'It takes part in no more battles. Its votes count as before.',
  paused: 'Takes no part at present',
  noVotes: 'no votes yet',
  ratings: 'Its ratings',

  versions: {
    title: 'Versions',
    one: (from: string, until: string | null) =>
      until === null
        ? `One version since ${formatDate(from)}: what answers under this name has not changed, and its ratings are those above.`
        : `One version, ${formatDate(from)} to ${formatDate(until)}: what answered under this name never changed, and its ratings are those above.`,
    lead: (versions: number) =>
      `What answers under this name has changed: ${count(versions, 'version', 'versions')} so far. Here each is rated as a contestant of its own, by the votes on its own answers; the boards count all of them together.`,
    loading: 'The versions are being rated …',
    name: (version: number) => `Version ${formatWhole(version)}`,
    now: 'now',
    period: (from: string, until: string | null) =>
      until === null ? `since ${formatDate(from)}` : `${formatDate(from)} to ${formatDate(until)}`,
    unrated: 'no rating yet',
    showAll: (versions: number) => `Show all ${formatWhole(versions)} versions`,
    history: 'Versions over time',
    historyLead: (shown: number, all: number) =>
      shown === all
        ? 'Each version while people voted on it, with its 95 % band.'
        : `The ${formatWhole(shown)} newest versions while people voted on them, with their 95 % bands.`,
    dimension: 'Which rating',
    incomplete: 'Their past is still being computed; it appears here by itself.',
    noHistory:
      'Nothing to draw yet: the history of a version begins with the first hour of its votes.',
  },

  battles: {
    title: 'Battles to read',
    empty:
      'None yet. Questions and answers belong to whoever asked: a battle can be read by others once a screening has released it, and none has been so far.',
    own: 'Your own battles',
  },
} as const
