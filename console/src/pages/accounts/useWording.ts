import { useTranslation } from 'react-i18next'
import { limits } from '../../api/generated/limits'
import type { Wording } from '../../parts/form/forms'
import { useSettingWords } from '../../parts/settingWords'

/** What is wrong with a setting, with the range that it may have as people say it. */
export function useWording(): Wording {
  const { t } = useTranslation()
  const words = useSettingWords()
  return (field, { code }) => {
    if (code === 'idle_timeout_too_long') {
      return t('settings.idle_timeout_too_long', { other: t('settingWords.sessions/max_length_seconds') })
    }
    const range = limits[field]
    if (!range || !['out_of_range', 'invalid_value'].includes(code)) return undefined
    return t('settings.range', { least: words.show(field, range.minimum), most: words.show(field, range.maximum) })
  }
}
