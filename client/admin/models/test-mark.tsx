import { adminTexts } from '../../texts/en-admin.ts'
import { formatSeconds } from './figures.ts'
import type { TestState } from './use-tests.ts'
import './test-mark.css'

/** What a test of a model has found, in a word; the whole of it where a pointer rests. */
export function TestMark({ test }: { test: TestState | undefined }) {
  const { testing, testOk, testFailed } = adminTexts.models
  if (test === undefined) return null
  if (test === 'running') return <span className="test-mark">{testing}</span>
  if (!test.ok) {
    return (
      <span className="test-mark" data-tone="bad" title={test.error}>
        {testFailed}
        <span className="test-error">: {test.error}</span>
      </span>
    )
  }
  return (
    <span className="test-mark" data-tone="good">
      {testOk(test.firstTokenMs === undefined ? null : formatSeconds(test.firstTokenMs))}
    </span>
  )
}
