import { useTranslation } from 'react-i18next'
import type { Schema } from '../../api/client'
import { useFormats } from '../../lib/formats'
import type { Difference } from '../../parts/Stale'
import { type Fields, SPANS, fieldsOf } from './fields'

/** Where what was typed and what was saved meanwhile differ; `undefined` while nothing was saved meanwhile. */
export function useDifferences(
  mine: Fields,
  before: Fields,
  newer: Schema['AccountView'] | undefined,
): Difference[] | undefined {
  const { t } = useTranslation()
  const formats = useFormats()
  if (!newer) return undefined
  const theirs = fieldsOf(newer)
  const keys = Object.keys(mine) as (keyof Fields)[]
  const isSpan = (key: keyof Fields) => (SPANS as readonly string[]).includes(key)
  const shown = (key: keyof Fields, value: string | number) => {
    if (value === '') return t(key === 'accent' ? 'settings.ownColour' : 'settings.noLimit')
    if (isSpan(key)) return formats.span(Number(value))
    return typeof value === 'number' ? formats.number(value) : value
  }
  return keys
    .filter((key) => mine[key] !== theirs[key] || before[key] !== theirs[key])
    .map((key) => ({ field: t(`settings.${key}`), mine: shown(key, mine[key]), theirs: shown(key, theirs[key]) }))
}
