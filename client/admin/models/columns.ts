import type { AdminModel } from '../../../shared/schemas/model.ts'
import type { SortColumn } from '../../leaderboard/view.ts'
import { adminTexts } from '../../texts/en-admin.ts'
import { errorShareOf } from './figures.ts'
import { troubleRank } from './statuses.ts'

const { columns } = adminTexts.models

export type ModelColumn = SortColumn<AdminModel> & {
  readonly title?: string
  readonly numeric?: true
}

/** The columns of the table of models, in their order; the first one is the usual order. */
export const MODEL_COLUMNS = [
  {
    by: 'status',
    name: columns.status,
    best: 'ascending',
    value: (model) => `${troubleRank(model)} ${model.name}`,
    title: columns.statusTitle,
  },
  { by: 'name', name: columns.name, best: 'ascending', value: ({ name }) => name },
  {
    by: 'organization',
    name: columns.organization,
    best: 'ascending',
    value: ({ organization, name }) => `${organization} ${name}`,
  },
  {
    by: 'first-token',
    name: columns.firstToken,
    best: 'descending',
    value: ({ activity }) => activity.firstTokenMs?.p50 ?? null,
    title: columns.firstTokenTitle,
    numeric: true,
  },
  {
    by: 'speed',
    name: columns.speed,
    best: 'ascending',
    value: ({ activity }) => activity.tokensPerSecond?.p50 ?? null,
    title: columns.speedTitle,
    numeric: true,
  },
  {
    by: 'errors',
    name: columns.errors,
    best: 'descending',
    value: ({ activity }) => errorShareOf(activity),
    title: columns.errorsTitle,
    numeric: true,
  },
  {
    by: 'answers',
    name: columns.answers,
    best: 'descending',
    value: ({ activity }) => activity.answers + activity.failures,
    title: columns.answersTitle,
  },
  {
    by: 'slowest',
    name: columns.firstTokenHours,
    best: 'descending',
    value: ({ activity }) => activity.firstTokenMs?.p90 ?? null,
    title: columns.firstTokenHoursTitle,
  },
  {
    by: 'cost-today',
    name: columns.costToday,
    best: 'descending',
    value: ({ activity }) => activity.costToday,
    numeric: true,
  },
  {
    by: 'cost',
    name: columns.costTotal,
    best: 'descending',
    value: ({ activity }) => activity.costTotal,
    numeric: true,
  },
  {
    by: 'tokens',
    name: columns.tokensToday,
    best: 'descending',
    value: ({ activity }) => activity.tokensToday,
    title: columns.tokensTitle,
    numeric: true,
  },
  {
    by: 'weight',
    name: columns.weight,
    best: 'descending',
    value: ({ weight }) => weight,
    title: columns.weightTitle,
    numeric: true,
  },
  {
    by: 'version',
    name: columns.version,
    best: 'descending',
    value: ({ version }) => version,
    numeric: true,
  },
  {
    by: 'last',
    name: columns.lastAnswer,
    best: 'ascending',
    value: ({ health }) => health.lastAnswerAt,
    numeric: true,
  },
] as const satisfies readonly ModelColumn[]
