import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { ModelCard } from '../../shared/schemas/model.ts'
import { formatDate } from '../texts/format.ts'
import { modelTexts } from '../texts/en-models.ts'
import { Icon } from '../ui/icon.tsx'
import { writeFilter } from './filter.ts'
import { followable } from './link.ts'
import { samplingOf } from './sampling.ts'

type Props = { model: ModelCard }

/** What its administrator says of a model, and where there is more to read. */
export function ModelIntroduction({ model }: Props) {
  return (
    <>
      {model.tags.length > 0 && (
        <ul className="tags" aria-label={modelTexts.tags}>
          {model.tags.map((tag) => (
            <li key={tag}>
              <Link
                to={{
                  pathname: '/models',
                  search: writeFilter({ text: '', organization: '', tag }).toString(),
                }}
              >
                {tag}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {model.description !== null && (
        <p className="model-description" dir="auto">
          {model.description}
        </p>
      )}
      {model.links.length > 0 && (
        <ul className="model-links" aria-label={modelTexts.links}>
          {model.links.map(({ label, url }) => (
            <li key={`${label} ${url}`}>
              <OutsideLink label={label} url={url} />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

/** Somebody else's page: it learns nothing of where its readers come from. */
function OutsideLink({ label, url }: { label: string; url: string }) {
  const href = followable(url)
  if (href === null) return label
  return (
    <a href={href} rel="noopener noreferrer nofollow">
      <Icon name="link" />
      {label} <small>{new URL(href).host}</small>
    </a>
  )
}

/** Licence, price, version and sampling. */
export function ModelFacts({ model }: Props) {
  const { prices } = model
  return (
    <section aria-labelledby="model-facts">
      <h2 id="model-facts">{modelTexts.facts}</h2>
      <dl className="model-facts">
        <Fact name={modelTexts.organization}>{model.organization}</Fact>
        <Fact name={modelTexts.license}>{model.license}</Fact>
        {prices !== null && (
          <Fact name={modelTexts.price}>
            {modelTexts.prices(prices.inputPerMillion, prices.outputPerMillion)}{' '}
            <small>{modelTexts.pricesUnit}</small>
          </Fact>
        )}
        <Fact name={modelTexts.since}>{formatDate(model.createdAt)}</Fact>
        <Fact name={modelTexts.version}>{model.version}</Fact>
        <Fact name={modelTexts.sampling}>{samplingOf(model)}</Fact>
      </dl>
    </section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="figures">{children}</dd>
    </div>
  )
}
