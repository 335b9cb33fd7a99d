import type { Registration, Sampling } from '../../shared/schemas/model.ts'
import type { ModelsService } from './service.ts'

const BUNDLED_MODEL = 'smollm2-135m-instruct'
const HONESTLY =
  'One of six costumes of the same small model, SmolLM2-135M-Instruct, that comes with the arena: ' +
  'fluent, often wrong, English only. Replace it with models of your own.'

type Costume = {
  slug: string
  name: string
  wears: string
  systemPrompt?: string
  answerPrefix?: string
  sampling: Sampling
}

// Tried by hand: the model hardly obeys a style it is told, and goes on well from a beginning that
// it is given.
const COSTUMES: readonly Costume[] = [
  {
    slug: 'smol-plain',
    name: 'Smol Plain',
    wears: 'Without any costume.',
    sampling: { temperature: 0.7, topP: 0.9, repetitionPenalty: 1.1, maxTokens: 160 },
  },
  {
    slug: 'smol-brief',
    name: 'Smol Brief',
    wears: 'Answers in one sentence.',
    systemPrompt: 'You answer every question with one short sentence.',
    answerPrefix: 'In short,',
    sampling: { temperature: 0.3, topP: 0.9, repetitionPenalty: 1.05, maxTokens: 40 },
  },
  {
    slug: 'smol-stepwise',
    name: 'Smol Stepwise',
    wears: 'Answers in numbered steps.',
    systemPrompt: 'You are a teacher. Answer with a numbered list of short steps.',
    answerPrefix: '1.',
    sampling: { temperature: 0.4, topP: 0.9, repetitionPenalty: 1.1, maxTokens: 160 },
  },
  {
    slug: 'smol-captain',
    name: 'Smol Captain',
    wears: 'Answers as a pirate.',
    systemPrompt:
      'You are Captain Barnacle, a cheerful pirate. You always talk like a pirate: arr, matey, ye, treasure, ship.',
    answerPrefix: 'Arr, matey!',
    sampling: { temperature: 0.8, topP: 0.9, repetitionPenalty: 1.05, maxTokens: 120 },
  },
  {
    slug: 'smol-fable',
    name: 'Smol Fable',
    wears: 'Answers with a fairy tale.',
    systemPrompt: 'You are a storyteller. You turn every answer into a little fairy tale.',
    answerPrefix: 'Once upon a time',
    sampling: { temperature: 0.8, topP: 0.92, repetitionPenalty: 1.1, maxTokens: 160 },
  },
  {
    slug: 'smol-dreamer',
    name: 'Smol Dreamer',
    wears: 'Chooses its words wildly.',
    sampling: { temperature: 1.2, topP: 0.95, topK: 100, repetitionPenalty: 1, maxTokens: 160 },
  },
]

/** What an empty registry is given, so that a clean clone has lively battles. */
export const SEED_REGISTRATIONS: readonly Registration[] = COSTUMES.map(
  ({ wears, sampling, ...costume }) => ({
    ...costume,
    organization: 'Hugging Face',
    license: 'Apache-2.0',
    description: `${wears} ${HONESTLY}`,
    provider: { kind: 'onnx', model: BUNDLED_MODEL },
    // The model's makers sample from the 50 most likely tokens.
    sampling: { topK: 50, ...sampling },
  }),
)

/** Registers the embedded entrants if there is no model at all, retired ones included. */
export async function seedModels(service: Pick<ModelsService, 'list' | 'register'>): Promise<void> {
  if (service.list({ limit: 1 }).items.length > 0) return
  for (const registration of SEED_REGISTRATIONS) await service.register(registration, 'seed')
}
