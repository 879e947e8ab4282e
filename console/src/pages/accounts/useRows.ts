import { useTranslation } from 'react-i18next'
import { useFormats } from '../../lib/formats'
import { type Fields, SPANS } from './fields'

/** What a setting means that is left empty; the others cannot be. */
const EMPTY = { accent: 'settings.defaultAccent', seat_limit: 'settings.noLimit' } as const

/** How each setting is called and shown where two versions stand side by side. */
export function useRows() {
  const { t } = useTranslation()
  const formats = useFormats()
  const show = (field: keyof Fields) => (value: Fields[keyof Fields]) => {
    if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no')
    if (value === '') return field in EMPTY ? t(EMPTY[field as keyof typeof EMPTY]) : '–'
    if (SPANS.some((span) => span === field)) return formats.span(Number(value))
    return typeof value === 'number' ? formats.number(value) : value
  }
  return (fields: Fields) =>
    Object.fromEntries(
      (Object.keys(fields) as (keyof Fields)[]).map((field) => [
        field,
        { label: t(`settings.${field}`), show: show(field) },
      ]),
    ) as Record<keyof Fields, { label: string; show: (value: Fields[keyof Fields]) => string }>
}
