import type { LlamaShape } from './llama-shape.ts'
import type { Vocabulary } from './vocabulary.ts'
import type { Weights } from './weights.ts'

/** config.json and generation_config.json, as exports for transformers.js have them. */
export function configFiles(
  shape: LlamaShape,
  weights: Weights,
  { roles, endIds }: Vocabulary,
  dataFiles: Readonly<Record<string, number>>,
) {
  const ids = {
    ...(roles.bos !== undefined && { bos_token_id: roles.bos }),
    eos_token_id: endIds.length === 1 ? endIds[0] : endIds,
    pad_token_id: roles.pad ?? endIds[0],
  }
  const { bos_token_id, eos_token_id, pad_token_id } = ids
  const hasBias = weights.layers.some(({ queryKeyValue }) => queryKeyValue.some(({ bias }) => bias))
  return {
    'config.json': {
      architectures: [shape.architecture.className],
      attention_bias: hasBias,
      attention_dropout: 0,
      ...(bos_token_id !== undefined && { bos_token_id }),
      eos_token_id,
      head_dim: shape.headWidth,
      hidden_act: 'silu',
      hidden_size: shape.hidden,
      intermediate_size: shape.feedForward,
      max_position_embeddings: shape.contextLength,
      mlp_bias: false,
      model_type: shape.architecture.modelType,
      num_attention_heads: shape.heads,
      num_hidden_layers: shape.layers,
      num_key_value_heads: shape.keyValueHeads,
      pad_token_id,
      rms_norm_eps: Number(shape.normEpsilon.toPrecision(7)),
      // What scales positions is written into the graph.
      rope_scaling: null,
      rope_theta: shape.rotaryBase,
      tie_word_embeddings: weights.logits === null,
      use_cache: true,
      vocab_size: weights.vocabularySize,
      'transformers.js_config': {
        dtype: 'q4',
        kv_cache_dtype: { q4f16: 'float16' },
        use_external_data_format: dataFiles,
      },
    },
    'generation_config.json': { ...ids, max_length: shape.contextLength },
  }
}
