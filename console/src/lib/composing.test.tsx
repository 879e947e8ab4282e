import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, it, vi } from 'vitest'
import './composing'
import { useEscape } from './useEscape'

it('keys of an input method reach nothing but the input method', async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  const heard: string[] = []
  const close = vi.fn()
  function Field() {
    useEscape(true, close)
    return <input onKeyDown={({ key }) => void heard.push(key)} />
  }
  const place = document.body.appendChild(document.createElement('div'))
  await act(() => createRoot(place).render(<Field />))
  document.addEventListener('keydown', ({ key }) => void heard.push(`document ${key}`))
  const field = place.querySelector('input') as HTMLInputElement
  const press = (init: KeyboardEventInit) =>
    field.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }))

  for (const key of ['Enter', 'Escape', ',', 'k']) press({ key, isComposing: true })
  expect(press({ key: 'Enter', keyCode: 229 }), 'Safari would submit the form').toBe(false)
  expect([heard, close.mock.calls.length]).toEqual([[], 0])

  press({ key: 'Enter', keyCode: 13 })
  press({ key: 'Escape' })
  expect([heard, close.mock.calls.length]).toEqual([['Enter', 'document Enter', 'Escape', 'document Escape'], 1])
})
