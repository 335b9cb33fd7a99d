import { lstat, rename, rm, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { type ModelsCommand, UsageError } from './command.ts'
import { modelsDirectory } from './directory.ts'
import { visible } from './format.ts'
import { readArguments } from './read-arguments.ts'

/** `npm run models -- remove`: takes a model folder away, or the link to one. */
export const removeCommand: ModelsCommand = {
  usage: 'remove ID [--yes]',
  read(args) {
    const { positionals, values } = readArguments(args, { yes: { type: 'boolean' } } as const)
    const [id, ...others] = positionals
    if (id === undefined || others.length > 0) throw new UsageError('remove takes one id')
    // Nothing but a name of the directory itself: "..", "a/b" and hidden folders are none.
    if (id !== basename(id) || id.startsWith('.') || id.includes('\\')) {
      throw new UsageError(`${JSON.stringify(id)} is no model id`)
    }
    return async (signal) => {
      const directory = modelsDirectory()
      const path = join(directory, id)
      const found = await lstat(path).catch(() => null)
      if (found === null || !(found.isDirectory() || found.isSymbolicLink())) {
        throw new Error(`there is no model ${visible(id)} in ${directory}`)
      }
      console.error(
        `${path}: entrants of the arena that answer with it will fail until it is there again`,
      )
      if (values.yes !== true) await confirm(id, signal)
      if (found.isSymbolicLink()) {
        await unlink(path)
        console.log(`${id}: the link is removed, what it led to stays`)
        return
      }
      // Out of sight at once: what is half removed must not be taken for a model.
      const gone = join(directory, `.removing-${process.pid}-${id}`)
      await rename(path, gone)
      await rm(gone, { recursive: true, force: true })
      console.log(`${id}: removed`)
    }
  },
}

async function confirm(id: string, signal: AbortSignal): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UsageError(`nobody is there to be asked: say --yes to remove ${visible(id)}`)
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await lines.question(`remove ${visible(id)}? [y/N] `, { signal })
    if (!/^y(?:es)?$/iu.test(answer.trim())) throw new Error('nothing was removed')
  } finally {
    lines.close()
  }
}
