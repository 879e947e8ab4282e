import { describe, expect, it } from 'vitest'
import { fieldAt, fieldsOf, patchOf } from './fields'

const settings = {
  seats: { limit: null, mode: 'hard', counted_from: 'invitation' },
  sessions: { idle_timeout_seconds: 86_400, max_length_seconds: 2_592_000, renew_while_open: false },
  passwords: { min_length: 10, min_special: 1 },
  links: { activation_seconds: 604_800, password_reset_seconds: 28_800 },
  branding: { accent_color: '#0a7f3f' },
} as const

it('has one field for each setting', () => {
  const seats = { active: 1, pending: 0, taken: 1, left: null }
  const account = {
    id: 'acc_1',
    slug: 'acme',
    name: 'Acme',
    kind: 'customer',
    created_at: '',
    settings,
    seats,
  } as const
  expect(fieldsOf(account)).toMatchObject({
    name: 'Acme',
    'seats/limit': '',
    'seats/mode': 'hard',
    'sessions/renew_while_open': false,
    'branding/accent_color': '#0a7f3f',
  })
})

describe('patchOf', () => {
  it('sends only what was changed', () => {
    expect(patchOf({})).toEqual({})
    expect(patchOf({ name: 'Acme Inc.' })).toEqual({ name: 'Acme Inc.' })
    const changed = { 'passwords/min_length': 14, 'passwords/min_special': 2, 'sessions/renew_while_open': true }
    expect(patchOf(changed)).toEqual({
      settings: { passwords: { min_length: 14, min_special: 2 }, sessions: { renew_while_open: true } },
    })
  })
  it('takes a limit away with null', () => {
    expect(patchOf({ 'seats/limit': '' })).toEqual({ settings: { seats: { limit: null } } })
    expect(patchOf({ 'branding/accent_color': '' })).toEqual({ settings: { branding: { accent_color: null } } })
  })
})

it('finds the field of a pointer', () => {
  expect(fieldAt('/settings/passwords/min_length')).toBe('passwords/min_length')
  expect(fieldAt('/slug')).toBe('slug')
})
