import { useTranslation } from 'react-i18next'
import type { SettingWords } from '../api/settings'
import { useFormats } from '../lib/formats'

/** Settings and what they are set to, in words. */
export function useSettingWords() {
  const { t, i18n } = useTranslation()
  const formats = useFormats()
  const isKnown = (place: string): place is SettingWords => i18n.exists(`settingWords.${place}`)
  const label = (place: string) => (isKnown(place) ? t(`settingWords.${place}`) : place)
  const show = (place: string, value: unknown) => {
    const word = `${place}/${String(value === '' ? null : value)}`
    if (isKnown(word)) return t(`settingWords.${word}`)
    if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no')
    if (typeof value === 'number') return place.endsWith('_seconds') ? formats.span(value) : formats.number(value)
    return value === '' ? '–' : String(value)
  }
  return { label, show }
}
