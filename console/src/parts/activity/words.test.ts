import i18next from 'i18next'
import { beforeAll, expect, it } from 'vitest'
import { en } from '../../texts/en'
import { startTexts } from '../../texts'

beforeAll(startTexts)

it('an action is found by its own word, dot and all', () => {
  expect(i18next.t('actions.sign_in.failed')).toBe(en.actions['sign_in.failed'])
})
