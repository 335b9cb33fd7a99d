/** Inputs that nobody here can give, and what kind of model asks for them. */
const KINDS: readonly (readonly [input: RegExp, why: string])[] = [
  [
    /^(?:past_(?:conv|ssm|recurrent)|conv_states?|ssm_states?|recurrent_states?|cache_params)/u,
    'the state of a hybrid or recurrent model: only pure attention models are run',
  ],
  [
    /encoder|cross_attn|cross_past/u,
    'which comes from an encoder: only decoder-only models are run',
  ],
  [
    /^(?:inputs_embeds|per_layer_inputs)$/u,
    'tokens that another graph has embedded: take an export that reads input_ids',
  ],
  [
    /pixel|image|audio|vision|speech/u,
    'pictures or sound: only the text decoder alone is run, as an export of its own',
  ],
  [
    /^past_\d+$|beam|past_sequence_length/u,
    'the cache layout of older exports: export the model anew with optimum or onnxruntime-genai',
  ],
]

/** Says of an input that the graph asks for why nobody can give it. */
export function strangeInput(name: string): string {
  const why = KINDS.find(([input]) => input.test(name))?.[1]
  return why === undefined
    ? `the graph asks for ${name}, which is not supported`
    : `the graph asks for ${name}, ${why}`
}
