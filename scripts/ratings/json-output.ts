import type { Report } from './report.ts'

/** A report as one JSON object, its fields as the rating specification names them. */
export function toJson({ board, skipped, seconds }: Report): string {
  const report = {
    method: board.method,
    dimension: board.dimension,
    votes: board.votes,
    skipped,
    models: board.models.map((model) => ({
      model: model.model,
      rank: model.rank,
      rankUb: model.rankUb,
      rankLow: model.rankLow,
      rankHigh: model.rankHigh,
      rating: model.rating,
      ciLow: model.ciLow,
      ciHigh: model.ciHigh,
      wins: model.wins,
      losses: model.losses,
      ties: model.ties,
      bothBad: model.bothBad,
      votes: model.votes,
      status: model.status,
      provisional: model.provisional,
    })),
    ...(board.style === null ? {} : { style: board.style }),
    ...(board.nu === null ? {} : { nu: board.nu }),
    seconds,
  }
  return `${JSON.stringify(report, null, 2)}\n`
}
