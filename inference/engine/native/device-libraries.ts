import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { koffiLibrary } from './ort-library.ts'

/** A library, and where it was found or why it could not be opened. */
export type FoundLibrary = { readonly file: string; readonly path: string }
export type MissingLibrary = { readonly file: string; readonly reason: string | null }

/** Where libraries lie that the linker's own search does not find. */
export type LibraryPlaces = {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Names in a folder; empty when there is none. */
  readonly list: (folder: string) => readonly string[]
  readonly exists: (path: string) => boolean
  /** Opens a library for all that are opened later. Throws when it cannot. */
  readonly open: (path: string) => void
}

/** Handles that must not be collected: a library that is closed takes others with it. */
const kept: unknown[] = []

const REAL: LibraryPlaces = {
  environment: process.env,
  list(folder) {
    try {
      return readdirSync(folder)
    } catch {
      return []
    }
  },
  exists: existsSync,
  open: (path) => void kept.push(koffiLibrary().load(path, { global: true })),
}

/**
 * Opens NVIDIA's libraries, so that the provider finds them without LD_LIBRARY_PATH: a library that
 * is open already is not searched for again.
 */
export function openCudaLibraries(
  files: readonly string[],
  places: LibraryPlaces = REAL,
): {
  readonly found: readonly FoundLibrary[]
  readonly missing: readonly MissingLibrary[]
} {
  const folders = libraryFolders(places)
  const found: FoundLibrary[] = []
  const missing: MissingLibrary[] = []
  for (const file of files) {
    // The bare name last: that is the linker's own search, of what is installed for everybody.
    const paths = folders.map((folder) => join(folder, file)).filter(places.exists)
    let reason: string | null = null
    const path = [...paths, file].find((candidate) => {
      try {
        places.open(candidate)
        return true
      } catch (error) {
        // Of a file that is there the reason says more than that another one is not.
        if (candidate !== file) reason ??= `${candidate}: ${reasonOf(error)}`
        return false
      }
    })
    if (path === undefined) missing.push({ file, reason })
    else found.push({ file, path })
  }
  return { found, missing }
}

/**
 * The folders in which NVIDIA's libraries are looked for: those that the environment names, then
 * CUDA's own, newest first, then those of pip's packages in a virtual environment or for everybody.
 */
export function libraryFolders({ environment, list }: Omit<LibraryPlaces, 'open'>): string[] {
  const named = (environment['LD_LIBRARY_PATH'] ?? '').split(delimiter)
  const versions = list('/usr/local')
    .filter((name) => /^cuda(?:-13[\d.]*)?$/u.test(name))
    .toSorted()
    .toReversed()
  const roots = [
    environment['CUDA_HOME'],
    environment['CUDA_PATH'],
    ...versions.map((name) => join('/usr/local', name)),
  ]
  const pythons = [
    environment['VIRTUAL_ENV'],
    environment['CONDA_PREFIX'],
    environment['HOME'] && join(environment['HOME'], '.local'),
    '/usr/local',
    '/usr',
  ]
  return [
    ...named,
    ...roots.flatMap((root) =>
      root ? ['lib64', 'lib', 'targets/x86_64-linux/lib'].map((name) => join(root, name)) : [],
    ),
    ...pythons.flatMap((root) => (root ? pipFolders(join(root, 'lib'), list) : [])),
  ].filter((folder) => folder.startsWith('/'))
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.replace(/^Failed to load shared library: /u, '')
}

/** CUDA 13's packages share one folder; those before had one each. */
function pipFolders(lib: string, list: LibraryPlaces['list']): string[] {
  return list(lib)
    .filter((name) => name.startsWith('python3'))
    .flatMap((python) =>
      ['site-packages', 'dist-packages'].map((packages) => join(lib, python, packages, 'nvidia')),
    )
    .flatMap((nvidia) => list(nvidia).map((name) => join(nvidia, name, 'lib')))
}
