import { afterEach, beforeEach, expect, it, vi } from 'vitest'

beforeEach(() => {
  vi.useFakeTimers()
  vi.resetModules()
})
afterEach(() => void vi.useRealTimers())

const marked = async (method = 'GET') => {
  const { markUnattended } = await import('./presence')
  const request = new Request('http://localhost/api/v1/me', { method })
  markUnattended(request)
  return request.headers.get('Portcullis-Background')
}

it('marks what a page asks a minute after anybody did anything', async () => {
  expect(await marked()).toBeNull()
  vi.advanceTimersByTime(59_000)
  expect(await marked()).toBeNull()
  vi.advanceTimersByTime(2_000)
  expect(await marked()).toBe('?1')
  expect(await marked('POST'), 'nobody is needed to see that this was somebody').toBeNull()
})

it('takes no event that a script made for one of a person', async () => {
  await marked()
  vi.advanceTimersByTime(61_000)
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }))
  expect(await marked()).toBe('?1')
})

it('tells whoever waits for a person once, when they do something', async () => {
  const { nextInput, noteInput } = await import('./presence')
  const told = vi.fn()
  void nextInput().then(told)
  await Promise.resolve()
  expect(told).not.toHaveBeenCalled()
  noteInput()
  await Promise.resolve()
  noteInput()
  await Promise.resolve()
  expect(told).toHaveBeenCalledOnce()
})
