import type { ReactNode } from 'react'
import { formTexts } from '../../texts/en-admin-form.ts'
import { Field } from './field.tsx'

const { hints, sections } = formTexts

type Props = { children: ReactNode }

/** Fields beside one another, as many as there is room for. */
export function Row({ children }: Props) {
  return <div className="form-row">{children}</div>
}

/** What everybody may know of a model. */
export function IdentityFields({ slug }: { slug?: ReactNode }) {
  return (
    <>
      <Row>
        <Field path="name" hint={hints.name} />
        {slug}
      </Row>
      <Row>
        <Field path="organization" />
        <Field path="license" hint={hints.license} />
      </Row>
      <Field path="description" rows={3} hint={hints.description} />
      <Row>
        <Field path="tags" hint={hints.tags} />
        <Field path="links" rows={2} hint={hints.links} />
      </Row>
    </>
  )
}

/** What a model is told, and how its words are drawn. */
export function AnswerFields() {
  return (
    <>
      <Field path="systemPrompt" rows={4} hint={hints.systemPrompt} />
      <Field path="answerPrefix" rows={1} hint={hints.answerPrefix} />
      <fieldset className="form-group">
        <legend>
          {sections.sampling} <span className="admin-hint">{hints.sampling}</span>
        </legend>
        <Row>
          <Field path="sampling.temperature" />
          <Field path="sampling.topP" />
          <Field path="sampling.topK" />
          <Field path="sampling.minP" />
          <Field path="sampling.repetitionPenalty" />
          <Field path="sampling.maxTokens" />
          <Field path="sampling.seed" />
        </Row>
      </fieldset>
      <fieldset className="form-group">
        <legend>{sections.caps}</legend>
        <Row>
          <Field path="caps.maxInputCharacters" hint={hints.maxInput} />
          <Field path="caps.maxOutputTokens" hint={hints.maxOutput} />
        </Row>
      </fieldset>
    </>
  )
}

/** How much a model may be asked, and what that costs. */
export function LimitFields() {
  return (
    <>
      <fieldset className="form-group">
        <legend>
          {sections.prices} <span className="admin-hint">{hints.prices}</span>
        </legend>
        <Row>
          <Field path="prices.inputPerMillion" unit="$" />
          <Field path="prices.outputPerMillion" unit="$" />
        </Row>
      </fieldset>
      <fieldset className="form-group">
        <legend>
          {sections.onlyLimits} <span className="admin-hint">{hints.limits}</span>
        </legend>
        <Row>
          <Field path="limits.requestsPerMinute" />
          <Field path="limits.concurrentRequests" />
          <Field path="limits.tokensPerDay" />
          <Field path="limits.costPerDay" unit="$" hint={hints.cost} />
        </Row>
      </fieldset>
      <Field path="weight" hint={hints.weight} />
    </>
  )
}
