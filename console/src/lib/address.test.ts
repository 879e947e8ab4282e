import { expect, it } from 'vitest'
import { dayIn, startOf, wordIn } from './address'

it('takes words, also those that look like numbers', () => {
  expect([wordIn('ada'), wordIn(42), wordIn(''), wordIn(true), wordIn(undefined)]).toEqual([
    'ada',
    '42',
    undefined,
    undefined,
    undefined,
  ])
})

it('takes days that there are', () => {
  expect(dayIn('2026-11-21')).toBe('2026-11-21')
  for (const wrong of [
    '20261-11-01',
    'abc',
    '2026-13-01',
    '2026-11-32',
    '2026-02-30',
    '2026-04-31',
    20261101,
    undefined,
  ]) {
    expect(dayIn(wrong), String(wrong)).toBeUndefined()
  }
})

it('counts whole days, also where a clock change makes one longer or shorter', () => {
  const zone = process.env.TZ
  process.env.TZ = 'Europe/Berlin'
  try {
    const hours = (day: string) => (startOf(day, 1).getTime() - startOf(day).getTime()) / 3_600_000
    expect([hours('2026-03-29'), hours('2026-10-25'), hours('2026-11-21')]).toEqual([23, 25, 24])
  } finally {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  }
})
