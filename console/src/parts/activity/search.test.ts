import { expect, it } from 'vitest'
import { activitySearch, parametersOf } from './search'

it('turns a range around that ends before it begins', () => {
  expect(activitySearch({ from: '2026-11-30', to: '2026-11-01' })).toMatchObject({
    from: '2026-11-01',
    to: '2026-11-30',
  })
})

it('reads an address and sends only what filters, whole days included', () => {
  const search = activitySearch({ actor: 'usr_1', from: '2026-11-01', to: '2026-11-01', evil: 1 })
  const { actor, from, to, ...rest } = parametersOf(search)
  expect({ actor, rest }).toEqual({ actor: 'usr_1', rest: {} })
  expect(new Date(to ?? '').getTime() - new Date(from ?? '').getTime()).toBe(86_400_000)
})
