import { expect, test } from 'vitest'
import { mayOpen, pagesFor } from './pages'

const keysFor = (levels: Record<string, string>) => pagesFor(levels).map((page) => page.key)

test('pages that a role may not use are absent (NAV-5)', () => {
  expect(keysFor({})).toEqual([])
  expect(keysFor({ manage_users: 'limited (own)' })).toEqual(['users'])
  expect(keysFor({ manage_users: 'view', manage_roles: 'view' })).toContain('roles')
})

test('a page that is absent cannot be opened by its address either', () => {
  expect(mayOpen('roles', { manage_users: 'limited (own)' })).toBe(false)
  expect(mayOpen('users', { manage_users: 'limited (own)' })).toBe(true)
  expect(mayOpen(undefined, {})).toBe(true)
})
