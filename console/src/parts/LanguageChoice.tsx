import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { pick } from '../texts'

export const LANGUAGE_NAMES = [
  { value: 'en', label: 'English' },
  { value: 'de', label: 'Deutsch' },
]

/** What a language is called by those who speak it. */
export const localeName = (locale: string) => LANGUAGE_NAMES.find(({ value }) => value === locale)?.label ?? locale

/** The language of the pages, for people who are not signed in. */
export function LanguageChoice() {
  const { t, i18n } = useTranslation()
  return (
    <NativeSelect
      size="xs"
      variant="unstyled"
      w="auto"
      aria-label={t('common.chooseLanguage')}
      data={LANGUAGE_NAMES}
      value={i18n.language}
      onChange={(event) => void pick(event.currentTarget.value)}
    />
  )
}
