import { texts } from '../texts/en.ts'
import { Icon } from '../ui/icon.tsx'
import './examples.css'

/** Six questions to begin with, two for each dimension. They fill the box; asking stays one act. */
export function Examples({ onChoose }: { onChoose: (prompt: string) => void }) {
  const { ask } = texts
  return (
    <section className="examples" aria-labelledby="examples-title">
      <h2 id="examples-title">{ask.examples}</h2>
      <ul>
        {ask.exampleList.map(([dimension, prompt]) => (
          <li key={prompt}>
            <button type="button" data-dimension={dimension} onClick={() => onChoose(prompt)}>
              <Icon name={dimension} />
              <span dir="auto">{prompt}</span>
              <span className="visually-hidden">
                ({ask.exampleOf(texts.dimensions[dimension])})
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
