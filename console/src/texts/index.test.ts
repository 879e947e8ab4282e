import i18next from 'i18next'
import { beforeAll, expect, it } from 'vitest'
import { formatsOf } from '../lib/formats'
import { choose, startTexts } from '.'
import { en } from './en'

const NAME = 'عبد الرحمن'

beforeAll(startTexts)

it('numbers in sentences are written as the language does', async () => {
  expect(i18next.t('bulk.done_disable', { count: 12_345 })).toBe('12,345 users disabled.')
  await choose('de')
  expect(i18next.t('bulk.done_disable', { count: 12_345 })).toContain('12.345 ')
  await choose('en')
})

it('a name from right to left turns nothing around that stands beside it', () => {
  expect(i18next.t('user.done_disable', { name: NAME })).toBe(`\u2068${NAME}\u2069 was disabled.`)
  expect(i18next.t('user.done_disable', { name: 'Bea <b>' })).toBe('Bea <b> was disabled.')
  expect(i18next.t('user.done_disable', { name: 'Bea\u2067' })).toBe('\u2068Bea\u2067\u2069 was disabled.')
  expect(formatsOf('en').list([NAME, 'Bea'])).toBe(`\u2068${NAME}\u2069 and Bea`)
})

it('every name keeps to itself in a language from right to left', async () => {
  await choose('en-XB')
  expect(i18next.t('user.done_disable', { name: 'Bea (b)' })).toContain('\u2068Bea (b)\u2069')
  expect(formatsOf('en-XB').list(['Bea', 'Cy'])).toBe('\u2068Bea\u2069 and \u2068Cy\u2069')
  await choose('en')
})

it('every text is shown somewhere', () => {
  const files = import.meta.glob<string>(['../**/*.{ts,tsx}', '!./**'], {
    query: '?raw',
    import: 'default',
    eager: true,
  })
  const source = Object.values(files).join()
  const begun = new Set([...source.matchAll(/`(\w+\.\w*)\$\{/g)].map(([, begin]) => begin))
  const keys = Object.entries(en).flatMap(([page, texts]) => Object.keys(texts).map((key) => `${page}.${key}`))
  const isShown = (key: string) =>
    source.includes(`'${key}'`) || [...begun].some((begin) => key.startsWith(begin ?? key))
  expect(keys.map((key) => key.replace(/_(one|other)$/, '')).filter((key) => !isShown(key))).toEqual([])
})
