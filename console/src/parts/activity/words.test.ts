import { expect, it } from 'vitest'
import { de } from '../../texts/de'
import { en } from '../../texts/en'
import { ACTIONS } from './words'

it('every action that the server can write has words in every language', () => {
  const keys = ACTIONS.map((action) => `action_${action.replace('.', '_')}`)
  expect(keys.filter((key) => !(key in en.activity) || !(key in de.activity))).toEqual([])
  expect(Object.keys(en.activity).filter((key) => key.startsWith('action_') && !keys.includes(key))).toEqual([])
})
