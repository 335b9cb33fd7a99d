// What runs in a bench's helper processes: each answers the bench's questions over IPC, and ends
// with it.

type Question = { readonly id: number; readonly name: string; readonly args: unknown[] }

/** Answers the parent's questions with these functions. */
export function serveParent(answers: Record<string, (...args: never[]) => unknown>): void {
  process.on('disconnect', () => process.exit(0))
  process.on('message', ({ id, name, args }: Question) => {
    const answer = async () => answers[name]?.(...(args as never[]))
    answer().then(
      (value) => process.send?.({ id, value }),
      (cause: unknown) => process.send?.({ id, error: String(cause) }),
    )
  })
}
