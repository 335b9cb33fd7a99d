// @vitest-environment happy-dom
import { act } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DIMENSIONS, DIMENSION_QUESTIONS } from '../../../../shared/dimensions.ts'
import type { Verdicts } from '../../../../shared/verdicts.ts'
import { VerdictForm } from '../../../../client/verdict/verdict-form.tsx'
import { setSingleKeys } from '../../../../client/ui/use-single-keys.ts'
import { press, render } from '../support.ts'

vi.mock('../../../../client/arena/arena.ts', () => ({
  connection: { status: () => 'online', subscribe: () => () => undefined },
}))

let cleanUp: (() => void) | undefined
beforeEach(() => sessionStorage.clear())
afterEach(() => {
  cleanUp?.()
  setSingleKeys(true)
})

async function show(open = true) {
  const send = vi.fn(async (_verdicts: Verdicts) => true)
  const { container, unmount } = await render(
    <VerdictForm battleId="battle" open={open} failed={false} onSend={send} />,
  )
  cleanUp = unmount
  const radio = (row: string, value: string) => {
    const found = container.querySelector<HTMLInputElement>(
      `[data-testid="verdict-${row}"] input[value="${value}"]`,
    )
    if (found === null) throw new Error(`no ${value} in ${row}`)
    return found
  }
  const chosen = () =>
    DIMENSIONS.map(
      (row) =>
        container.querySelector<HTMLInputElement>(`[data-testid="verdict-${row}"] input:checked`)
          ?.value,
    )
  return { container, send, radio, chosen }
}

describe('the judgement', () => {
  it('is three radio groups with name and question, and nothing preselected', async () => {
    const { container, chosen } = await show()
    const groups = [...container.querySelectorAll('[role="radiogroup"]')]
    const text = (id: string | null) => document.getElementById(id ?? '')?.textContent
    expect(groups.map((group) => text(group.getAttribute('aria-labelledby')))).toEqual([
      'Accuracy',
      'Helpfulness',
      'Language',
    ])
    expect(groups.map((group) => text(group.getAttribute('aria-describedby')))).toEqual(
      DIMENSIONS.map((dimension) => DIMENSION_QUESTIONS[dimension]),
    )
    expect(chosen()).toEqual([undefined, undefined, undefined])
  })

  it('takes three keys and Enter, from anywhere on the page', async () => {
    const { chosen, send } = await show()
    await press('1')
    await press('5')
    await press('4')
    expect(chosen()).toEqual(['a', 'skip', 'both_bad'])
    await press('Enter')
    expect(send).toHaveBeenCalledWith({
      accuracy: 'a',
      helpfulness: 'skip',
      language: 'both_bad',
    })
  })

  it('moves by arrows, and one row never fills another', async () => {
    const { chosen, radio } = await show()
    radio('accuracy', 'a').focus()
    await press('ArrowRight')
    await press('ArrowRight')
    expect(chosen()).toEqual(['tie', undefined, undefined])
    await press('ArrowDown')
    expect(document.activeElement).toBe(radio('helpfulness', 'a'))
    expect(chosen()).toEqual(['tie', undefined, undefined])
    await press('ArrowLeft')
    expect(chosen()).toEqual(['tie', 'skip', undefined])
    await press('ArrowUp')
    expect(document.activeElement).toBe(radio('accuracy', 'tie'))
  })

  it('leads to what is missing instead of sending', async () => {
    const { send, radio } = await show()
    await press('3')
    await press('Enter')
    expect(send).not.toHaveBeenCalled()
    expect(document.activeElement).toBe(radio('helpfulness', 'a'))
  })

  it('does not send three times "cannot say"', async () => {
    const { send, container } = await show()
    for (const key of ['5', '5', '5', 'Enter']) await press(key)
    expect(send).not.toHaveBeenCalled()
    expect(container.textContent).toContain('Judge at least one')
  })

  it('waits while answers are written', async () => {
    const { send, chosen, radio } = await show(false)
    await press('1')
    expect(chosen()).toEqual([undefined, undefined, undefined])
    expect(radio('accuracy', 'a').disabled).toBe(true)
    expect(send).not.toHaveBeenCalled()
  })

  it('leaves keys alone where text is typed, with modifiers, and when they are switched off', async () => {
    const { chosen } = await show()
    const area = document.createElement('textarea')
    document.body.append(area)
    area.focus()
    await press('1')
    area.remove()
    await act(async () => {
      document.body.dispatchEvent(
        new KeyboardEvent('keydown', { key: '1', ctrlKey: true, bubbles: true }),
      )
    })
    act(() => setSingleKeys(false))
    await press('1')
    expect(chosen()).toEqual([undefined, undefined, undefined])
  })

  it('remembers what was chosen over a reload', async () => {
    await show()
    await press('1')
    cleanUp?.()
    expect((await show()).chosen()).toEqual(['a', undefined, undefined])
  })
})
