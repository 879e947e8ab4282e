import i18next from 'i18next'
import { beforeAll, expect, it } from 'vitest'
import { formatsOf } from '../lib/formats'
import { choose, startTexts } from '.'

const NAME = 'عبد الرحمن'

beforeAll(startTexts)

it('numbers in sentences are written as the language does', async () => {
  expect(i18next.t('bulk.done_disable', { count: 12_345 })).toBe('12,345 people disabled.')
  await choose('de')
  expect(i18next.t('bulk.done_disable', { count: 12_345 })).toContain('12.345 ')
  await choose('en')
})

it('a name from right to left turns nothing around that stands beside it', () => {
  expect(i18next.t('user.done_disable', { name: NAME })).toBe(`\u2068${NAME}\u2069 is disabled.`)
  expect(i18next.t('user.done_disable', { name: 'Bea <b>' })).toBe('Bea <b> is disabled.')
  expect(formatsOf('en').list([NAME, 'Bea'])).toBe(`\u2068${NAME}\u2069 and Bea`)
})
