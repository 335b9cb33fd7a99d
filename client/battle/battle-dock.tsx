import { memo } from 'react'
import { VerdictForm } from '../verdict/verdict-form.tsx'
import { FollowUp } from './follow-up.tsx'
import type { Acts } from './use-acts.ts'

type Props = { battleId: string; stage: 'streaming' | 'failed' | 'judging'; acts: Acts }

/** What lies under the answers until the vote. Not drawn again while words arrive. */
export const BattleDock = memo(({ battleId, stage, acts }: Props) => (
  <>
    <FollowUp battleId={battleId} stage={stage} onAsk={acts.follow} onStop={() => acts.stop()} />
    <VerdictForm
      battleId={battleId}
      open={stage === 'judging'}
      failed={stage === 'failed'}
      onSend={acts.vote}
    />
  </>
))
BattleDock.displayName = 'BattleDock'
