import { describe, expect, it } from 'vitest'
import { isMet } from './need'

describe('isMet', () => {
  const need = { scope: 'account', permission: 'manage_users', level: 'edit' }
  it('takes the level or a stronger one', () => {
    expect(isMet(need, { manage_users: 'edit' })).toBe(true)
    expect(isMet({ ...need, level: 'view' }, { manage_users: 'limited' })).toBe(true)
    expect(isMet(need, { manage_users: 'limited' })).toBe(false)
    expect(isMet(need, {})).toBe(false)
  })
  it('takes own systems only where the operation does', () => {
    expect(isMet(need, { manage_users: 'edit (own)' })).toBe(false)
    expect(isMet({ ...need, scope: 'system' }, { manage_users: 'edit (own)' })).toBe(true)
  })
  it('asks nothing of anybody for what is open or one’s own', () => {
    expect(isMet({ scope: 'public' }, {})).toBe(true)
    expect(isMet({ scope: 'self' }, {})).toBe(true)
  })
})
