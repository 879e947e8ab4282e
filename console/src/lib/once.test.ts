import { expect, it } from 'vitest'
import { once } from './once'

it('gives the same wish the same key, and another wish another one', () => {
  const headers = once()
  const first = headers({ action: 'disable', ids: ['a'] })
  expect(headers({ action: 'disable', ids: ['a'] })).toEqual(first)
  expect(headers({ action: 'disable', ids: ['a', 'b'] })).not.toEqual(first)
  expect(headers({ action: 'disable', ids: ['a'] }), 'it was done in between').not.toEqual(first)
})
