const NEEDED =
  'a folder needs config.json (or genai_config.json), tokenizer.json, tokenizer_config.json and a graph (.onnx)'

/** Says of a file that is not there what to do, by what else the folder has. */
export function missingFile(name: string, present: readonly string[]): string {
  const has = (pattern: RegExp) => present.find((each) => pattern.test(each))
  const sentencePiece = has(/^(?:tokenizer|spiece)\.model$/u)
  if (name === 'tokenizer.json' && sentencePiece !== undefined) {
    return `tokenizer.json is missing, and ${sentencePiece} alone cannot be read: save the tokenizer with a "fast" one of transformers`
  }
  return `${name} is missing: ${NEEDED}`
}

/** Says why a folder has no graph that could be run. */
export function missingGraph(wanted: string | undefined, present: readonly string[]): string {
  if (wanted !== undefined) {
    return `there is no ${wanted}.onnx in onnx/ or beside config.json: choose one of the folder's graphs by its name without .onnx`
  }
  const graphs = present.filter((name) => name.endsWith('.onnx'))
  if (graphs.length > 0) {
    return `none of the graphs ${graphs.join(', ')} has a name that says which to take: rename one to model.onnx, or leave only one`
  }
  const other = present.find((name) => /\.(?:safetensors|gguf|bin|pth?)$/u.test(name))
  const instead =
    other === undefined
      ? 'copy one there'
      : other.endsWith('.gguf')
        ? `turn ${other} into one with npm run models -- convert`
        : `${other} holds weights in another format: export them to ONNX`
  return `no ONNX graph was found in onnx/ or beside config.json: ${instead}`
}
