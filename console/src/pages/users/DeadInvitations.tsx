import { Alert } from '@mantine/core'
import { IconMailX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

/** Says above the invited people that some of them cannot accept; nothing is said where all can. */
export function DeadInvitations({ count }: { count: number | null | undefined }) {
  const { t } = useTranslation()
  if (!count) return null
  return (
    <Alert
      color="orange"
      variant="light"
      icon={<IconMailX size={18} aria-hidden />}
      mb="md"
      c="var(--mantine-color-text)"
    >
      {t('users.deadInvitations', { count })}
    </Alert>
  )
}
