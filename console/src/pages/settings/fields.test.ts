import { describe, expect, it } from 'vitest'
import { type Fields, fieldAt, wishOf } from './fields'

const before: Fields = {
  name: 'Acme', slug: 'acme', seat_limit: 50, seat_mode: 'hard', seat_taken: 'at_invitation',
  activation_link_seconds: 604_800, password_reset_link_seconds: 28_800, idle_timeout_seconds: 86_400,
  absolute_timeout_seconds: 2_592_000, min_length: 10, min_special: 1, accent: '',
} // prettier-ignore

describe('wishOf', () => {
  it('sends only what was changed', () => {
    expect(wishOf(before, before)).toEqual({})
    expect(wishOf(before, { ...before, name: 'Acme Inc.' })).toEqual({ name: 'Acme Inc.' })
    const stricter = { ...before, min_length: 14, idle_timeout_seconds: 3_600 }
    expect(wishOf(before, stricter)).toEqual({
      settings: { idle_timeout_seconds: 3_600, password_policy: { min_length: 14 } },
    })
  })
  it('takes a limit away with null', () => {
    expect(wishOf(before, { ...before, seat_limit: '' })).toEqual({ settings: { seat_limit: null } })
    const coloured = { ...before, accent: '#0a7f3f' }
    expect(wishOf(coloured, before)).toEqual({ settings: { accent: null } })
  })
})

it('finds the field of a pointer', () => {
  expect(fieldAt('/settings/password_policy/min_length')).toBe('min_length')
  expect(fieldAt('/slug')).toBe('slug')
})
