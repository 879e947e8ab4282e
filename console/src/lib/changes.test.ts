import { expect, it } from 'vitest'
import { changed, undoing } from './changes'

const before = { name: 'Ana', role: 'builder', systems: ['a', 'b'] as string[] | 'all' }

it('knows what was changed, and nothing else', () => {
  expect(changed(before, { ...before, name: ' Ana ', systems: ['b', 'a'] })).toEqual({})
  expect(changed(before, { ...before, systems: ['a'] })).toEqual({ systems: ['a'] })
  expect(changed(before, { ...before, name: '', systems: 'all' })).toEqual({ name: '', systems: 'all' })
})

it('takes back what was changed, and nothing else', () => {
  expect(undoing(before, { name: 'Anna', systems: 'all' })).toEqual({ name: 'Ana', systems: ['a', 'b'] })
})
