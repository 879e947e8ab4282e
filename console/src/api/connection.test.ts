import { afterEach, beforeEach, expect, it, vi } from 'vitest'

let connection: typeof import('./connection')
let isThere: boolean
const asked = vi.fn(() => (isThere ? Promise.resolve(new Response('ok')) : Promise.reject(new Error('away'))))

beforeEach(async () => {
  vi.useFakeTimers()
  vi.stubGlobal('fetch', asked.mockClear())
  vi.resetModules()
  connection = await import('./connection')
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('asks more and more seldom, and at once when somebody wants to know', async () => {
  isThere = false
  connection.markOffline()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked.mock.calls.length).toBeLessThan(12)
  isThere = true
  await connection.askNow()
  expect(connection.isAway.get()).toBe(false)
})

it('does not ask every second where the server comes and goes', async () => {
  isThere = true
  for (let second = 0; second < 60; second++) {
    connection.markOffline()
    await vi.advanceTimersByTimeAsync(1_000)
  }
  expect(asked.mock.calls.length).toBeLessThan(12)
})

it('asks one question at a time', async () => {
  isThere = false
  connection.markOffline()
  await Promise.all([connection.askNow(), connection.askNow(), connection.askNow()])
  expect(asked).toHaveBeenCalledTimes(1)
})
