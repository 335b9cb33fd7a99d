import { describe, expect, it } from 'vitest'
import { type GraphValue, planGraph } from '../../../../inference/engine/graph-plan.ts'

const value = (name: string, type: string, shape: (number | string)[]): GraphValue => ({
  name,
  type,
  shape,
})
const ids = value('input_ids', 'int64', ['batch', 'length'])
const mask = value('attention_mask', 'int64', ['batch', 'total'])
const past = (name: string, type = 'float32', width = 16) =>
  value(`past_key_values.${name}`, type, ['batch', 2, 'past', width])
const present = (name: string) => value(`present.${name}`, 'float32', ['batch', 2, 'total', 16])
const logits = value('logits', 'float32', ['batch', 'length', 512])
const inputs = [ids, mask, past('0.key'), past('0.value')]
const outputs = [logits, present('0.key'), present('0.value')]

describe('planGraph', () => {
  it('reads the cache off the graph, layer by layer', () => {
    const plan = planGraph(
      [...inputs, past('1.key', 'float16', 32)],
      [...outputs, present('1.key')],
    )
    expect(plan.slots[2]).toEqual({
      past: 'past_key_values.1.key',
      present: 'present.1.key',
      type: 'float16',
      heads: 2,
      width: 32,
    })
    expect(plan.bytesPerToken).toBe(2 * (2 * 16 * 4) + 2 * 32 * 2)
    expect(plan.vocabularySize).toBe(512)
    expect(plan).toMatchObject({
      logits: 'logits',
      ids: { name: 'input_ids', type: 'int64' },
      mask: { name: 'attention_mask', type: 'int64' },
      positions: null,
      kept: null,
      cacheBranch: false,
    })
  })

  it('takes other names from a pattern, and integers of 32 bits', () => {
    const plan = planGraph(
      [
        value('tokens', 'int32', ['batch', 'length']),
        value('seen', 'int64', ['batch', 'total']),
        value('where', 'int32', ['batch', 'length']),
        value('k_in_11_', 'float16', ['batch', 4, 'past', 8]),
      ],
      [value('scores', 'float32', ['batch', 'length', 99]), value('k_out_11', 'float16', [])],
      {
        ids: 'tokens',
        mask: 'seen',
        positions: 'where',
        logits: 'scores',
        caches: [{ past: 'k_in_%d_', present: 'k_out_%d' }],
      },
    )
    expect(plan).toMatchObject({
      ids: { name: 'tokens', type: 'int32' },
      mask: { name: 'seen', type: 'int64' },
      positions: { name: 'where', type: 'int32' },
      logits: 'scores',
      slots: [{ past: 'k_in_11_', present: 'k_out_11', heads: 4, width: 8 }],
    })
  })

  it('gives optional inputs to graphs that ask for them', () => {
    const optional = [
      value('position_ids', 'int64', ['batch', 'length']),
      value('num_logits_to_keep', 'int64', []),
      value('use_cache_branch', 'bool', [1]),
    ]
    expect(planGraph([...inputs, ...optional], outputs)).toMatchObject({
      positions: { name: 'position_ids', type: 'int64' },
      kept: { name: 'num_logits_to_keep', type: 'int64', shape: [] },
      cacheBranch: true,
    })
  })

  it.each<[string, GraphValue[], GraphValue[], RegExp]>([
    ['without tokens', [mask, past('0.key')], outputs, /no input input_ids/u],
    ['without a mask', [ids, past('0.key')], outputs, /no input attention_mask/u],
    ['without a cache', [ids, mask], outputs, /no key\/value cache/u],
    ['without logits', inputs, outputs.slice(1), /no output logits/u],
    [
      'with logits of any width',
      inputs,
      [value('logits', 'float32', ['b', 's', 'v']), ...outputs.slice(1)],
      /fixed width/u,
    ],
    [
      'with a past that never comes back',
      inputs,
      outputs.slice(0, 2),
      /without present\.0\.value/u,
    ],
    [
      'with other inputs',
      [...inputs, value('pixel_values', 'float32', [1])],
      outputs,
      /asks for pixel_values/u,
    ],
    [
      'with another kind of memory',
      [...inputs, value('past_conv.0', 'float32', [1])],
      outputs,
      /past_conv\.0, the state of a hybrid/u,
    ],
    [
      'that reads what an encoder wrote',
      [...inputs, value('encoder_hidden_states', 'float32', [1])],
      outputs,
      /encoder_hidden_states, which comes from an encoder/u,
    ],
    [
      "with an encoder's keys beside its own",
      [...inputs, past('0.encoder.key')],
      outputs,
      /past_key_values\.0\.encoder\.key, which comes from an encoder/u,
    ],
    [
      'that wants its tokens embedded',
      [value('inputs_embeds', 'float32', []), ...inputs.slice(1)],
      outputs,
      /inputs_embeds, tokens that another graph has embedded/u,
    ],
    [
      'with a cache in bfloat16',
      [ids, mask, past('0.key', 'bfloat16')],
      outputs,
      /bfloat16.*take a graph in fp32/u,
    ],
    [
      'with tokens of another type',
      [value('input_ids', 'float32', []), ...inputs.slice(1)],
      outputs,
      /input_ids is float32, neither int64 nor int32/u,
    ],
    ['with a cache of another type', [ids, mask, past('0.key', 'int8')], outputs, /int8, neither/u],
    [
      'with a cache of another shape',
      [ids, mask, value('past_key_values.0.key', 'float32', ['b', 2, 16])],
      outputs,
      /shape \[b, 2, 16\]/u,
    ],
  ])('refuses a graph %s', (_, graphInputs, graphOutputs, reason) => {
    expect(() => planGraph(graphInputs, graphOutputs)).toThrow(reason)
  })
})
