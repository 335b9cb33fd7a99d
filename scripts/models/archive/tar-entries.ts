import { ByteSource } from './byte-source.ts'
import { type Entry, refuseKind } from './entry.ts'

const BLOCK = 512
/** Names of more than 100 letters come as contents of entries of their own. */
const MAX_NAME_BYTES = 64 * 1024

const REFUSED: Readonly<Record<string, string>> = {
  '1': 'link',
  '2': 'link',
  '3': 'device',
  '4': 'device',
  '6': 'pipe',
  S: 'sparse file',
}

/**
 * The entries of a tar file: ustar with the additions of pax and GNU for long names and large files.
 * Throws an Error that says what is broken, or what is neither file nor folder.
 */
export async function* tarEntries(
  stream: AsyncIterable<Buffer>,
): AsyncGenerator<Entry, void, undefined> {
  const source = new ByteSource(stream)
  let told: { path?: string; size?: number } = {}
  for (;;) {
    const header = await source.read(BLOCK)
    if (header === null || header.every((byte) => byte === 0)) return
    checkSum(header)
    const kind = String.fromCharCode(header[156] ?? 0).replace('\0', '0')
    const stated = numberIn(header, 124, 12)
    if (kind === 'x' || kind === 'g' || kind === 'L' || kind === 'K') {
      if (stated > MAX_NAME_BYTES) throw new Error('it has a name that is too long')
      const text = await source.read(padded(stated))
      const own = text?.subarray(0, stated) ?? Buffer.alloc(0)
      if (kind === 'x') told = { ...told, ...paxRecords(own) }
      if (kind === 'L') told = { ...told, path: own.toString().replace(/\0.*$/su, '') }
      continue
    }
    const name = told.path ?? nameIn(header)
    const size = told.size ?? stated
    told = {}
    const refused = REFUSED[kind]
    if (refused !== undefined) refuseKind(name, refused)
    if (kind !== '0' && kind !== '5' && kind !== '7') refuseKind(name, 'entry of an unknown kind')
    const isFolder = kind === '5' || name.endsWith('/')
    const body = source.take(isFolder ? 0 : size)
    yield {
      name,
      kind: isFolder ? 'folder' : 'file',
      size: isFolder ? 0 : size,
      contents: () => body,
    }
    // What nobody read is passed over.
    while ((await body.next()).done !== true);
    await source.read(isFolder ? 0 : padded(size) - size)
  }
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK
}

function nameIn(header: Buffer): string {
  const prefix = header.toString('latin1', 257, 262) === 'ustar' ? textIn(header, 345, 155) : ''
  const name = textIn(header, 0, 100)
  return prefix === '' ? name : `${prefix}/${name}`
}

function textIn(header: Buffer, from: number, length: number): string {
  const field = header.subarray(from, from + length)
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end < 0 ? length : end)
}

function numberIn(header: Buffer, from: number, length: number): number {
  const field = header.subarray(from, from + length)
  // Sizes of 8 GiB and more: the highest bit says that the others are the number.
  const value =
    ((field[0] ?? 0) & 0x80) === 0
      ? Number.parseInt(textIn(header, from, length).trim() || '0', 8)
      : field.subarray(1).reduce((sum, byte) => sum * 256 + byte, (field[0] ?? 0) & 0x7f)
  return checkedSize(value)
}

function checkedSize(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new Error('it has a file of no size')
  return value
}

function checkSum(header: Buffer): void {
  const stated = Number.parseInt(textIn(header, 148, 8).trim(), 8)
  const sum = header.reduce(
    (total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte),
    0,
  )
  if (sum !== stated) throw new Error('it is broken, or no tar archive')
}

/** Records "LENGTH KEY=VALUE\n", of which only names and sizes matter here. */
function paxRecords(bytes: Buffer): { path?: string; size?: number } {
  const found: { path?: string; size?: number } = {}
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at)
    const length = Number(bytes.toString('latin1', at, space))
    if (space < 0 || !Number.isInteger(length) || length <= space - at) {
      throw new Error('it has a broken pax header')
    }
    const [key, ...value] = bytes.toString('utf8', space + 1, at + length - 1).split('=')
    if (key === 'path') found.path = value.join('=')
    if (key === 'size') found.size = checkedSize(Number(value.join('=')))
    at += length
  }
  return found
}
