import { expect, it } from 'vitest'
import { changesOf } from './changes'

it('finds what stands differently, also inside of settings', () => {
  const before = { name: 'Demo', settings: { seats: { limit: 5 }, passwords: { min_length: 10, min_special: 1 } } }
  const after = { name: 'Demo', settings: { seats: { limit: null }, passwords: { min_length: 14, min_special: 1 } } }
  expect(changesOf(before, after)).toEqual([
    { field: 'seats/limit', before: 5, after: null },
    { field: 'passwords/min_length', before: 10, after: 14 },
  ])
})

it('takes what is one thing as one', () => {
  const logo = { kind: 'png', bytes: 1200, tag: 'a' }
  expect(changesOf({ logo: null }, { logo })).toEqual([{ field: 'logo', before: null, after: logo }])
})

it('leaves out what says nothing', () => {
  expect(changesOf({}, { format: 'csv', filter: { q: '', actions: [] }, sort: null })).toEqual([
    { field: 'format', before: undefined, after: 'csv' },
  ])
})

it('takes one that was made or removed whole', () => {
  expect(changesOf(null, { name: 'Ana', systems: [] })).toEqual([{ field: 'name', before: undefined, after: 'Ana' }])
  expect(changesOf({}, null)).toEqual([])
})
