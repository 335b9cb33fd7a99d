import { describe, expect, it } from 'vitest'
import { parseChatRequest } from '../../../../inference/http/chat-request.ts'
import { encodePrompt } from '../../../../inference/http/encode-prompt.ts'
import { ChatTemplate } from '../../../../inference/text/chat-template.ts'
import { TooLongError } from '../../../../inference/text/within-time.ts'
import { loadForTest } from '../../../support/inference/models.ts'

const requestOf = (content: string, fields: object = {}) =>
  parseChatRequest({ model: 'm', messages: [{ role: 'user', content }], ...fields })

describe('encodePrompt', () => {
  it('begins an answer unless it is told otherwise', async () => {
    const model = await loadForTest()
    const answer = encodePrompt(model, requestOf('hi'))
    const messages = encodePrompt(model, requestOf('hi', { add_generation_prompt: false }))
    expect(answer.slice(0, messages.length)).toEqual(messages)
    expect(answer.length).toBeGreaterThan(messages.length)
  })

  it('leaves room for one token at least', async () => {
    const model = await loadForTest()
    const { length } = encodePrompt(model, requestOf('hi'))
    expect(encodePrompt({ ...model, contextLength: length + 1 }, requestOf('hi'))).toHaveLength(
      length,
    )
    expect(() => encodePrompt({ ...model, contextLength: length }, requestOf('hi'))).toThrow(
      expect.objectContaining({ status: 400, code: 'context_length_exceeded', param: 'messages' }),
    )
  })

  it('turns endless texts away without tokenising them', async () => {
    const model = await loadForTest()
    const silent: ChatTemplate = Object.create(ChatTemplate.prototype)
    silent.encode = () => {
      throw new Error('tokenised')
    }
    const long = 'a'.repeat(model.contextLength * 16 + 1)
    expect(() => encodePrompt({ ...model, template: silent }, requestOf(long))).toThrow(
      expect.objectContaining({ code: 'context_length_exceeded' }),
    )
  })

  it('says so when the template refuses the messages or writes nothing', async () => {
    const model = await loadForTest()
    const withEncode = (encode: ChatTemplate['encode']) => {
      const template: ChatTemplate = Object.create(ChatTemplate.prototype)
      template.encode = encode
      return { ...model, template }
    }
    const refusing = withEncode(() => {
      throw new Error('roles must alternate')
    })
    expect(() => encodePrompt(refusing, requestOf('hi'))).toThrow(
      expect.objectContaining({
        status: 400,
        param: 'messages',
        message: expect.stringContaining('alternate'),
      }),
    )
    const endless = withEncode(() => {
      throw new TooLongError('the tokenizer takes longer than 8 s')
    })
    expect(() => encodePrompt(endless, requestOf('hi'))).toThrow(
      expect.objectContaining({
        status: 400,
        message: 'The messages take too long to read: the tokenizer takes longer than 8 s',
      }),
    )
    expect(() =>
      encodePrompt(
        withEncode(() => []),
        requestOf('hi'),
      ),
    ).toThrow(/prompt is empty/u)
  })
})
