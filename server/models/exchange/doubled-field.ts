/**
 * The line in which an object names a field that it has named before; undefined if none does. One
 * walk through the text: whoever imports models must not hold up everybody's answers.
 *
 * @param text valid JSON
 */
export function lineOfDoubledField(text: string): number | undefined {
  /** The fields of each object that is open; undefined for a list. */
  const open: (Set<string> | undefined)[] = []
  let namesNext = false
  let line = 1
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charAt(at)) {
      case '"': {
        const end = endOfString(text, at)
        if (namesNext) {
          const name = JSON.parse(text.slice(at, end + 1)) as string
          const names = open.at(-1)
          if (names?.has(name) === true) return line
          names?.add(name)
        }
        namesNext = false
        at = end
        break
      }
      case '{':
        open.push(new Set())
        namesNext = true
        break
      case '[':
        open.push(undefined)
        namesNext = false
        break
      case '}':
      case ']':
        open.pop()
        namesNext = false
        break
      case ',':
        namesNext = open.at(-1) !== undefined
        break
      case '\n':
        line += 1
        break
    }
  }
  return undefined
}

/** Where the string that begins here has its closing quote. */
function endOfString(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
