/**
 * The name (without `.onnx`) of the only graph among paths in a model folder, for exports whose
 * makers gave it a name of their own; undefined when there is none or a choice.
 */
export function soleGraph(paths: readonly string[]): string | undefined {
  const graphs = paths.filter((path) => /^(?:onnx\/)?[^/]+\.onnx$/u.test(path))
  return graphs.length === 1 ? graphs[0]?.replace(/^onnx\/|\.onnx$/gu, '') : undefined
}
