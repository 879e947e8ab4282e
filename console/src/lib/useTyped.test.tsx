import { act, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useTyped } from './useTyped'

const nothing = () => undefined
const now: { text: string; type: (text: string) => void; address: (value: string) => void } = {
  text: '',
  type: nothing,
  address: nothing,
}
const sent: string[] = []

function Field() {
  const [value, setValue] = useState('')
  const [text, type] = useTyped(value, (next) => void sent.push(next), 150)
  useEffect(() => {
    Object.assign(now, { text, type, address: setValue })
  }, [text, type])
  return null
}

beforeEach(async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  vi.useFakeTimers()
  sent.length = 0
  await act(() => createRoot(document.createElement('div')).render(<Field />))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const pass = (time: number) => act(() => vi.advanceTimersByTimeAsync(time))

it('an address that arrives late takes no letter away', async () => {
  await act(() => now.type('ann'))
  await pass(150)
  await act(() => now.type('anna'))
  await act(() => now.address('ann'))
  expect(now.text).toBe('anna')
  await pass(150)
  await act(() => now.type('annab'))
  await act(() => now.address('anna'))
  expect([now.text, sent]).toEqual(['annab', ['ann', 'anna']])
})

it('an address that changes by itself is followed, and what was about to be sent is not', async () => {
  await act(() => now.type('ann'))
  await pass(150)
  await act(() => now.address('ann'))
  await act(() => now.type('anna'))
  await act(() => now.address(''))
  await pass(500)
  expect([now.text, sent]).toEqual(['', ['ann']])
})
