import { TextInput, type TextInputProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** The address with which a person signs in. */
export function EmailField(props: TextInputProps) {
  const { t } = useTranslation()
  return <TextInput label={t('session.email')} type="email" autoComplete="username" required {...props} />
}
