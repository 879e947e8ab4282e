import { expect, it } from 'vitest'
import { filterOf, isNarrowed, parametersOf } from './filter'
import { usersSearch } from './search'

it('shows whom the tab is about, and narrows within it only', () => {
  expect(filterOf({}).status).toEqual(['active', 'provisioned'])
  expect(filterOf({ status: 'active' }).status).toEqual(['active'])
  expect(filterOf({ tab: 'inactive', status: 'active' }).status).toEqual(['inactive'])
})

it('asks how invitations stand only where invitations are shown', () => {
  expect(filterOf({ tab: 'invitations', invitation: 'expired,nonsense' }).invitation).toEqual(['expired'])
  expect(filterOf({ invitation: 'expired' }).invitation).toEqual([])
})

it('sends only what filters', () => {
  expect(parametersOf(filterOf({ role: 'admin,builder', q: 'ana' }))).toEqual({
    q: 'ana',
    status: 'active,provisioned',
    role: 'admin,builder',
  })
})

it('reads an address and forgets what is not understood', () => {
  expect(usersSearch({ tab: 'nowhere', rows: '25', q: 42, page: 3, cursor: 'x', invite: 'true', evil: '<script>' })).toEqual({
    tab: undefined, rows: 25, q: '42', page: 3, cursor: 'x', invite: true, status: undefined, role: undefined,
    system: undefined, group: undefined, login_method: undefined, invitation: undefined, sort: undefined, user: undefined, part: undefined,
  }) // prettier-ignore
  expect(usersSearch({ rows: 7, page: 3 })).toMatchObject({ rows: undefined, page: undefined })
  expect(usersSearch({ status: 'deleted' }).status).toBe(undefined)
  expect(usersSearch({ status: 'deleted,inactive,nonsense' }).status).toBe('inactive')
  expect(usersSearch({ tab: 'deleted', status: 'deleted' }).status).toBe('deleted')
  expect(usersSearch({ invitation: 'expired' }).invitation).toBe(undefined)
  expect(usersSearch({ tab: 'invitations', invitation: 'expired,x' }).invitation).toBe('expired')
  expect(isNarrowed({ tab: 'inactive' })).toBe(false)
  expect(isNarrowed({ q: 'a' })).toBe(true)
})
