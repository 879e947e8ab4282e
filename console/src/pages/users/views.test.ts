import { expect, it } from 'vitest'
import { queryOf, viewOf } from './views'

it('a view reads back as it was saved, without the page and the person that stood open', () => {
  const search = { tab: 'inactive', q: 'é & b', role: 'builder,admin', rows: 50, cursor: 'x', user: 'usr_1' } as const
  const query = queryOf(search, { groups: false, email: true })
  expect(query).toMatch(/^[!-~]+$/)
  const view = viewOf(query)
  expect(view.search).toMatchObject({ tab: 'inactive', q: 'é & b', role: 'builder,admin', rows: 50 })
  expect(view.search.user ?? view.search.cursor).toBeUndefined()
  expect(view.visibility).toEqual({ groups: false })
  expect(queryOf(view.search, view.visibility)).toBe(query)
})

it('what a view says and this console does not know is left out', () => {
  expect(viewOf('tab=nowhere&hidden=secret&evil=1')).toMatchObject({ search: {}, visibility: {} })
})
