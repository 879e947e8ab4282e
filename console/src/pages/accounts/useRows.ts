import { useTranslation } from 'react-i18next'
import { useSettingWords } from '../../parts/settingWords'
import type { Fields } from './fields'

/** How each setting is called and shown where two versions stand side by side. */
export function useRows() {
  const { t } = useTranslation()
  const words = useSettingWords()
  const own = { name: t('settings.name'), slug: t('settings.slug') }
  const row = (field: keyof Fields) => ({
    label: field === 'name' || field === 'slug' ? own[field] : words.label(field),
    show: (value: Fields[keyof Fields]) => words.show(field, value),
  })
  return (fields: Fields) =>
    Object.fromEntries((Object.keys(fields) as (keyof Fields)[]).map((field) => [field, row(field)])) as Record<
      keyof Fields,
      ReturnType<typeof row>
    >
}
