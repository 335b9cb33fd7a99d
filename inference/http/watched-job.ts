import type { RequestRecord } from '../metrics/request-record.ts'
import type { Job } from '../scheduling/scheduler.ts'

/** A job as it is, with who asks for it, and with a record of how it goes. */
export function watchedJob(job: Job, client: string, record: RequestRecord): Job {
  return {
    engine: job.engine,
    client,
    promptIds: job.promptIds,
    reservedTokens: job.reservedTokens,
    wantsPromptLogits: job.wantsPromptLogits === true,
    begin(knownTokens) {
      record.begins(knownTokens)
      job.begin?.(knownTokens)
    },
    acceptPrompt: (from, rows) => job.acceptPrompt?.(from, rows),
    accept(logits) {
      // Before: the last one ends the record.
      record.token()
      return job.accept(logits)
    },
    fail: (error) => job.fail(error),
  }
}
