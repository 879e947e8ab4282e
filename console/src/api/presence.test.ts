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

it('tells of input that asks for nothing, at once after a rest and then once a minute (P14)', async () => {
  const { followInput, markUnattended, noteInput } = await import('./presence')
  const tell = vi.fn(() => markUnattended(new Request('http://localhost/api/v1/me')))
  const unfollow = followInput(tell)
  vi.advanceTimersByTime(290_000)
  expect(tell, 'nobody did anything').not.toHaveBeenCalled()
  noteInput()
  vi.advanceTimersByTime(1_000)
  expect(tell).toHaveBeenCalledTimes(1)
  for (let second = 0; second < 120; second += 10) {
    noteInput()
    vi.advanceTimersByTime(10_000)
  }
  expect(tell).toHaveBeenCalledTimes(3)
  vi.advanceTimersByTime(600_000)
  expect(tell, 'the last input was told, and nothing came after it').toHaveBeenCalledTimes(3)
  unfollow()
  noteInput()
  vi.advanceTimersByTime(600_000)
  expect(tell).toHaveBeenCalledTimes(3)
})

it('tells of no input that a request of the page told of already', async () => {
  const { followInput, markUnattended, noteInput } = await import('./presence')
  const tell = vi.fn()
  followInput(tell)
  vi.advanceTimersByTime(120_000)
  noteInput()
  markUnattended(new Request('http://localhost/api/v1/me', { method: 'POST' }))
  vi.advanceTimersByTime(600_000)
  expect(tell).not.toHaveBeenCalled()
  noteInput()
  const background = { 'Portcullis-Background': '?1' }
  markUnattended(new Request('http://localhost/api/v1/me', { headers: background }))
  vi.advanceTimersByTime(1_000)
  expect(tell).toHaveBeenCalledOnce()
})
