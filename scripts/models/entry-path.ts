const MAX_LENGTH = 400
const MAX_DEPTH = 10

/**
 * A name from an archive or a listing as a path below some folder, or an Error whose message says
 * why it cannot be one: it would lie elsewhere, or on some system mean something else.
 */
export function entryPath(name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  const why =
    name.startsWith('/') || /^[a-z]:/iu.test(name) || parts.includes('..')
      ? 'leads out of the folder'
      : /[\\\p{Cc}]/u.test(name)
        ? 'has a name with characters that no file should have'
        : name.length > MAX_LENGTH || parts.length > MAX_DEPTH
          ? 'has a name that is too long'
          : null
  if (why !== null) throw new Error(`${JSON.stringify(name.slice(0, MAX_LENGTH))} ${why}`)
  return parts.join('/')
}
