import { useTranslation } from 'react-i18next'
import { limits } from '../../api/generated/limits'
import { useFormats } from '../../lib/formats'
import type { Wording } from '../../parts/form/forms'
import { SPANS } from './fields'

/** What is wrong with a setting, with the range that it may have as people say it. */
export function useWording(): Wording {
  const { t } = useTranslation()
  const formats = useFormats()
  return (field, { code }) => {
    if (code === 'idle_timeout_too_long') {
      return t('settings.idle_timeout_too_long', { other: t('settings.absolute_timeout_seconds') })
    }
    const range = limits[field]
    if (!range || !['out_of_range', 'invalid_value'].includes(code)) return undefined
    const show = SPANS.some((span) => span === field) ? formats.span : formats.number
    return t('settings.range', { least: show(range.minimum), most: show(range.maximum) })
  }
}
