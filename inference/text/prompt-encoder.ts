import { Tokenizer } from '@huggingface/tokenizers'
import { type AddedToken, controlPattern, controlTokens } from './control-tokens.ts'
import type { TokenizerJson } from './tokenizer-json.ts'

/**
 * Turns rendered prompts into token ids. The tokenizer underneath knows no control tokens, so that
 * text can never become one; the prompt is cut at the control tokens of the chat template here,
 * and what lies between is encoded as plain text.
 */
export class PromptEncoder {
  /** Matches the control tokens; null when the model has none. */
  readonly controls: RegExp | null
  readonly #tokenizer: Tokenizer
  readonly #byContent: ReadonlyMap<string, AddedToken>
  readonly #spaceFirst: boolean

  /** Throws when the library cannot build a tokenizer from `json`. */
  constructor(json: TokenizerJson, config: object, template: string) {
    const controls = controlTokens(json.added_tokens, template)
    const { preTokenizer, spaceFirst } = withoutFirstSpace(json.pre_tokenizer)
    this.controls = controlPattern(controls)
    this.#byContent = new Map(controls.map((token) => [token.content, token]))
    this.#spaceFirst = spaceFirst
    this.#tokenizer = new Tokenizer(
      {
        ...json,
        pre_tokenizer: preTokenizer,
        added_tokens: json.added_tokens.filter(({ content }) => !this.#byContent.has(content)),
      },
      config,
    )
  }

  /** The ids of `rendered`; `reveal` puts hidden text back into what lies between control tokens. */
  encode(rendered: string, reveal: (text: string) => string = (text) => text): number[] {
    // With one group in the pattern, every second part is a control token.
    const parts = this.controls ? rendered.split(this.controls) : [rendered]
    return parts.flatMap((part, index) => {
      const control = index % 2 === 1 ? this.#byContent.get(part) : undefined
      if (control) return [control.id]
      let text = reveal(part)
      if (this.#byContent.get(parts[index - 1] ?? '')?.rstrip) text = text.trimStart()
      if (this.#byContent.get(parts[index + 1] ?? '')?.lstrip) text = text.trimEnd()
      if (index === 0 && this.#spaceFirst && text !== '' && !text.startsWith(' ')) text = ` ${text}`
      return this.#encodePlain(text)
    })
  }

  /** The token with this id as the vocabulary spells it. Control tokens may be unknown. */
  spelling(id: number): string | undefined {
    return this.#tokenizer.id_to_token(id)
  }

  #encodePlain(text: string): number[] {
    if (text === '') return []
    const ids: readonly (number | undefined)[] = this.#tokenizer.encode(text, {
      add_special_tokens: false,
    }).ids
    // Text that the vocabulary has no token for comes as undefined; the model cannot read it.
    return ids.filter((id) => id !== undefined)
  }
}

/**
 * Some tokenizers put a space before the first piece of a text only. Pieces reach the tokenizer one
 * by one here and each would be the first, so that habit is switched off and left to `encode`.
 */
function withoutFirstSpace(preTokenizer: unknown): { preTokenizer: unknown; spaceFirst: boolean } {
  if (typeof preTokenizer === 'object' && preTokenizer !== null) {
    if ('type' in preTokenizer && preTokenizer.type === 'Metaspace') {
      const spaceFirst = 'prepend_scheme' in preTokenizer && preTokenizer.prepend_scheme === 'first'
      return spaceFirst
        ? { preTokenizer: { ...preTokenizer, prepend_scheme: 'never' }, spaceFirst }
        : { preTokenizer, spaceFirst }
    }
    if ('pretokenizers' in preTokenizer && Array.isArray(preTokenizer.pretokenizers)) {
      const parts = preTokenizer.pretokenizers.map(withoutFirstSpace)
      return {
        preTokenizer: { ...preTokenizer, pretokenizers: parts.map((part) => part.preTokenizer) },
        spaceFirst: parts.some((part) => part.spaceFirst),
      }
    }
  }
  return { preTokenizer, spaceFirst: false }
}
