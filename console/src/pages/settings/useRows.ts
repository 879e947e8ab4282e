import { useTranslation } from 'react-i18next'
import { useFormats } from '../../lib/formats'
import { type Fields, SPANS } from './fields'

/** How each setting is called and shown where two versions stand side by side. */
export function useRows() {
  const { t } = useTranslation()
  const formats = useFormats()
  const show = (field: keyof Fields) => (value: Fields[keyof Fields]) => {
    if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no')
    if (value === '') return t(field === 'accent' ? 'settings.ownColour' : 'settings.noLimit')
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
