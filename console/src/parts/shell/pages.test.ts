import { expect, test } from 'vitest'
import { pagesFor } from './pages'

const keysFor = (levels: Record<string, string>) => pagesFor(levels).map((page) => page.key)

test('pages that a role may not use are absent (NAV-5)', () => {
  expect(keysFor({})).toEqual([])
  expect(keysFor({ manage_users: 'limited (own)' })).toEqual(['users'])
  expect(keysFor({ manage_users: 'view', manage_roles: 'view' })).toContain('roles')
})
