import { describe, expect, it } from 'vitest'
import { fieldAt, wishOf } from './fields'

describe('wishOf', () => {
  it('sends only what was changed', () => {
    expect(wishOf({})).toEqual({})
    expect(wishOf({ name: 'Acme Inc.' })).toEqual({ name: 'Acme Inc.' })
    expect(wishOf({ min_length: 14, idle_timeout_seconds: 3_600 })).toEqual({
      settings: { idle_timeout_seconds: 3_600, password_policy: { min_length: 14 } },
    })
  })
  it('takes a limit away with null', () => {
    expect(wishOf({ seat_limit: '' })).toEqual({ settings: { seat_limit: null } })
    expect(wishOf({ accent: '' })).toEqual({ settings: { accent: null } })
  })
})

it('finds the field of a pointer', () => {
  expect(fieldAt('/settings/password_policy/min_length')).toBe('min_length')
  expect(fieldAt('/slug')).toBe('slug')
})
