/** One file or folder of an archive. Its contents are read, or passed over, before the next one. */
export interface Entry {
  /** As the archive says it: to be checked before anything is made of it. */
  readonly name: string
  readonly kind: 'file' | 'folder'
  /** Bytes that it says it has. */
  readonly size: number
  /** Its bytes, unpacked. Throws when they are not what the archive says of them. */
  contents(): AsyncIterable<Buffer>
}

/** Refuses what is neither file nor folder: nothing but files makes a model. */
export function refuseKind(name: string, kind: string): never {
  throw new Error(`${JSON.stringify(name)} is a ${kind}: only files and folders are unpacked`)
}
