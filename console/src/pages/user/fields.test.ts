import { expect, it } from 'vitest'
import { type Fields, wishOf } from './fields'

const before: Fields = { name: 'Ana', role_id: 'builder', reach: 'some', systems: ['a', 'b'] }

it('sends only what was changed', () => {
  expect(wishOf(before, { ...before, systems: ['b', 'a'] })).toEqual({})
  expect(wishOf(before, { ...before, name: ' Ana Lopez ' })).toEqual({ name: 'Ana Lopez' })
  expect(wishOf(before, { ...before, systems: ['a'] })).toEqual({ systems: ['a'] })
  expect(wishOf(before, { ...before, reach: 'all' })).toEqual({ all_systems: true })
  expect(wishOf({ ...before, reach: 'all', systems: [] }, { ...before, systems: [] })).toEqual({ systems: [] })
})
