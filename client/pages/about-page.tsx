import { useEffect } from 'react'
import { Link, useLocation } from 'react-router'
import { DIMENSIONS, DIMENSION_QUESTIONS } from '../../shared/dimensions.ts'
import { method } from '../texts/method.ts'
import { texts } from '../texts/en.ts'
import { DimensionName } from '../ui/dimension-name.tsx'
import { usePageTitle } from '../ui/use-page.ts'
import './pages.css'

/** How the numbers are made, for a person. */
export function AboutPage() {
  usePageTitle(texts.about.title)
  const { hash } = useLocation()
  useEffect(() => {
    document.getElementById(hash.slice(1))?.scrollIntoView()
  }, [hash])
  return (
    <div className="page about">
      <h1 className="page-title">{texts.about.title}</h1>
      <ul className="about-questions">
        {DIMENSIONS.map((dimension) => (
          <li key={dimension} data-dimension={dimension}>
            <DimensionName dimension={dimension} />
            <p>{DIMENSION_QUESTIONS[dimension]}</p>
          </li>
        ))}
      </ul>
      {method.map(({ id, title, paragraphs }) => (
        <section key={id} id={id} aria-labelledby={`${id}-title`}>
          <h2 id={`${id}-title`}>{title}</h2>
          {paragraphs.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
          {id === 'ratings' && (
            <p>
              <Link to="/method">{texts.about.formulas}</Link>
            </p>
          )}
        </section>
      ))}
    </div>
  )
}
