import { Template } from '@huggingface/jinja'
import { createContentMask } from './content-mask.ts'
import type { PromptEncoder } from './prompt-encoder.ts'
import { withinTime } from './within-time.ts'

/** A thousand times what a template takes. */
const RENDER_MS = 2000
/** The longest prompts take seconds; longer than this, whoever watches the process would worry. */
const TOKENISE_MS = 8000

/** One message of a conversation, as chat templates take it. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** What follows the last message in the prompt. */
export type PromptEnd =
  /** The beginning of a new answer. */
  | 'answer'
  /** Nothing: the last message is an answer's beginning, and the prompt ends inside it. */
  | 'inside-last-message'
  /** Nothing after the last message's own end. */
  | 'messages'

/** Writes conversations the way one model was trained to read them. */
export class ChatTemplate {
  readonly #source: string
  readonly #template: Template
  readonly #encoder: PromptEncoder
  readonly #names: Readonly<Record<string, string>>

  /** `names`: the special tokens by role, such as `bos_token`. Throws when `source` does not parse. */
  constructor(source: string, encoder: PromptEncoder, names: Readonly<Record<string, string>>) {
    this.#source = source
    this.#template = new Template(source)
    this.#encoder = encoder
    this.#names = names
  }

  /**
   * The token ids of a prompt. Special-token text inside messages stays text. Throws what the
   * template throws, for instance for roles in an order that the model does not know, and
   * TooLongError where template or tokenizer, which are code of the folder, do not come to an end.
   */
  encode(messages: readonly ChatMessage[], end: PromptEnd): number[] {
    const contents = messages.map(({ content }) => content)
    const mask = createContentMask([this.#source, ...contents], this.#encoder.controls)
    const hidden = messages.map(({ role, content }) => ({ role, content: mask.hide(content) }))
    const last = hidden.at(-1)
    if (end === 'inside-last-message' && last) last.content += mask.endMark
    let rendered = withinTime('the chat template', RENDER_MS, () =>
      this.#template.render({
        ...this.#names,
        messages: hidden,
        add_generation_prompt: end === 'answer',
        tools: null,
      }),
    )
    if (end === 'inside-last-message') {
      const cut = rendered.lastIndexOf(mask.endMark)
      if (cut < 0) throw new Error('the chat template leaves out the last message')
      rendered = rendered.slice(0, cut)
    }
    return withinTime('the tokenizer', TOKENISE_MS, () =>
      this.#encoder.encode(rendered, (text) => mask.reveal(text)),
    )
  }
}
