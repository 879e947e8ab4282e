import { expect, it } from 'vitest'
import { wishOf } from './fields'

it('sends only what was changed', () => {
  expect(wishOf({})).toEqual({})
  expect(wishOf({ name: 'Ana Lopez', systems: ['a'] })).toEqual({ name: 'Ana Lopez', systems: ['a'] })
  expect(wishOf({ role_id: 'builder', systems: 'all' })).toEqual({ role_id: 'builder', all_systems: true })
  expect(wishOf({ systems: [] })).toEqual({ systems: [] })
})
