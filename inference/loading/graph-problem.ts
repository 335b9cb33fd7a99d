/** What the runtime says when it cannot open a graph, and what that means for whoever has it. */
const PROBLEMS: readonly (readonly [text: RegExp, meaning: (match: RegExpExecArray) => string])[] =
  [
    [
      /could not find an implementation for (\w+)/iu,
      ([, operator = '']) =>
        `the CPU cannot compute its ${operator} in this precision; take a graph in fp32, fp16, int8 or 4 bits`,
    ],
    [
      /type '?tensor\(bfloat16\)'?/iu,
      () => 'the CPU does not compute in bfloat16; take a graph in fp32, fp16, int8 or 4 bits',
    ],
    [
      /(\S+) is not a registered function\/op/iu,
      ([, operator = '']) =>
        `it uses the operator ${operator}, which this runtime does not know; export it for an older one`,
    ],
    [
      /unsupported model ir version|opset \d+ is under development|is till opset/iu,
      () => 'it was exported for a newer runtime; export it with an older opset',
    ],
    [
      /protobuf parsing failed|invalid_protobuf|modelproto does not have a graph/iu,
      () => 'it is broken or cut off; copy it again',
    ],
    [
      /escapes/iu,
      () => 'its external data lies outside of the folder; put the data beside the graph',
    ],
    [
      /external data|_data|\.data/iu,
      () => 'its external data is missing or cut off; copy all files of the graph again',
    ],
  ]

/** One line on a graph that could not be opened: the file, what to do, and the runtime's own words. */
export function graphProblem(file: string, error: unknown): Error {
  const text = (error instanceof Error ? error.message : String(error)).replace(/\s+/gu, ' ').trim()
  for (const [pattern, meaning] of PROBLEMS) {
    const match = pattern.exec(text)
    if (match) return new Error(`${file}: ${meaning(match)} (${text})`, { cause: error })
  }
  return new Error(`${file}: ${text}`, { cause: error })
}
