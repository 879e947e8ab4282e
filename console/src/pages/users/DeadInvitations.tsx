import { Alert, Button } from '@mantine/core'
import { IconMailX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { INVITATION_STATES } from './filter'
import type { UsersSearch } from './search'

interface Props {
  count: number | null | undefined
  narrow: (change: Partial<UsersSearch>) => void
}

/** Says above the invited people that some of them cannot accept, and shows which; nothing is said where all can. */
export function DeadInvitations({ count, narrow }: Props) {
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
      {t('users.deadInvitations', { count })}{' '}
      <Button
        size="compact-xs"
        variant="subtle"
        onClick={() => narrow({ invitation: INVITATION_STATES.filter((state) => state !== 'open').join(',') })}
      >
        {t('users.showDeadInvitations')}
      </Button>
    </Alert>
  )
}
