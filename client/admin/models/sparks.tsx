import { memo } from 'react'
import type { Activity } from '../../../shared/schemas/model.ts'
import { adminTexts } from '../../texts/en-admin.ts'
import { barsPath, linePath, type Box } from './spark.ts'
import './sparks.css'

const BOX: Box = { width: 96, height: 16 }

type Props = { hours: Activity['hours'] }

/** Answers hour by hour, and on top of them what failed. */
export const AnswersSpark = memo(function AnswersSpark({ hours }: Props) {
  const answers = hours.map((hour) => hour.answers)
  const failures = hours.map((hour) => hour.failures)
  const top = Math.max(0, ...hours.map((hour) => hour.answers + hour.failures))
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${BOX.width} ${BOX.height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={adminTexts.models.answersSpark(sumOf(answers), sumOf(failures), top)}
    >
      <path className="spark-answers" d={barsPath(answers, failures, top, BOX)} />
      <path
        className="spark-failures"
        d={barsPath(
          failures,
          failures.map(() => 0),
          top,
          BOX,
        )}
      />
    </svg>
  )
})

/** The median wait for the first token, hour by hour. */
export const FirstTokenSpark = memo(function FirstTokenSpark({ hours }: Props) {
  const values = hours.map((hour) => hour.firstTokenMs)
  const known = values.flatMap((value) => value ?? [])
  const top = Math.max(0, ...known)
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${BOX.width} ${BOX.height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={adminTexts.models.firstTokenSpark(
        known.length === 0 ? null : { low: Math.min(...known), high: top },
      )}
    >
      <path className="spark-line" d={linePath(values, top, BOX)} />
    </svg>
  )
})

const sumOf = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
