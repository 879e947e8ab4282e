import { TextInput, type TextInputProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** The address with which a person signs in. */
export function EmailField(props: TextInputProps) {
  const { t } = useTranslation()
  return <TextInput label={t('session.email')} type="email" autoComplete="username" required {...props} />
}

/** The same where it is fixed and a password is chosen for it: without it browsers save the name, or nothing, as the user name. */
export function FixedEmailField({ value }: { value: string }) {
  const { t } = useTranslation()
  return (
    <TextInput
      label={t('session.email')}
      type="email"
      autoComplete="username"
      variant="filled"
      readOnly
      value={value}
    />
  )
}
