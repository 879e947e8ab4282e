import { expect, it } from 'vitest'
import { seesWholeLog } from './sight'

it('shows the whole log to whoever may take it away, and to readers of it who see all people', () => {
  expect(seesWholeLog({ activity_log: 'allowed' })).toBe(true)
  expect(seesWholeLog({ activity_log: 'view', manage_users: 'edit' })).toBe(true)
  expect(seesWholeLog({ activity_log: 'view', security: 'view' })).toBe(true)
})

it('shows a part of it to whoever reaches own systems only, or sees no people', () => {
  expect(seesWholeLog({ activity_log: 'view (own)', manage_users: 'limited (own)' })).toBe(false)
  expect(seesWholeLog({ activity_log: 'allowed (own)', manage_users: 'edit' })).toBe(false)
  expect(seesWholeLog({ activity_log: 'view' })).toBe(false)
  expect(seesWholeLog({ activity_log: 'view', manage_users: 'view (own)' })).toBe(false)
})
