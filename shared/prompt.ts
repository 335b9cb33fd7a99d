import { failure, type Failure } from './errors.ts'
import { err, ok, type Result } from './result.ts'

/**
 * Checks a visitor's question. All that is accepted reaches the models unchanged.
 *
 * @param prompt the question as it was sent
 * @param maxCharacters the largest `length`, in UTF-16 code units
 * @returns the same text, or `invalid_input` / `prompt_too_long`
 */
export function checkPrompt(prompt: unknown, maxCharacters: number): Result<string, Failure> {
  if (typeof prompt !== 'string') {
    return err(failure('invalid_input', 'The question must be a text.', { field: 'prompt' }))
  }
  if (prompt.length > maxCharacters) {
    return err(
      failure(
        'prompt_too_long',
        `This question has ${prompt.length} characters; the arena takes at most ${maxCharacters}.`,
        { field: 'prompt', length: prompt.length, max: maxCharacters },
      ),
    )
  }
  if (prompt.trim() === '') {
    return err(failure('invalid_input', 'The question is empty.', { field: 'prompt' }))
  }
  if (hasForbiddenControl(prompt)) {
    return err(
      failure('invalid_input', 'The question holds control characters that cannot be used.', {
        field: 'prompt',
      }),
    )
  }
  if (hasLoneSurrogate(prompt)) {
    return err(
      failure('invalid_input', 'The question holds a broken character (a lone surrogate).', {
        field: 'prompt',
      }),
    )
  }
  return ok(prompt)
}

/** C0 and C1 controls but for tab, line feed and carriage return; DEL is neither and passes. */
function hasForbiddenControl(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code >= 0x80 ? code <= 0x9f : code < 0x20 && code !== 9 && code !== 10 && code !== 13) {
      return true
    }
  }
  return false
}

/** Whether a string holds half of a surrogate pair and so is no valid Unicode text. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text)
}
