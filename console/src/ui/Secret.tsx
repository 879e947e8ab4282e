import { PasswordInput, type PasswordInputProps } from '@mantine/core'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'

/** A field for a password, whose refusal is also heard. */
export function Secret({ 'aria-describedby': describedBy, ...props }: PasswordInputProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <PasswordInput
      id={id}
      required
      aria-invalid={Boolean(props.error) || undefined}
      aria-describedby={[describedBy, props.error && `${id}-error`].filter((part) => part).join(' ') || undefined}
      visibilityToggleButtonProps={{ 'aria-label': t('session.show'), tabIndex: 0 }}
      {...props}
    />
  )
}
