import { Alert, Button, Group, Text } from '@mantine/core'
import { IconMailX } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from '../users/queries'
import { ActDialog } from './ActDialog'

const WHY = {
  expired: 'user.invitation_expired',
  inviter_lost_right: 'user.invitation_inviter_lost_right',
  link_ended: 'user.invitation_link_ended',
} as const

/** Says why an invitation can no longer be accepted, and offers to send it again. */
export function DeadInvitation({ user }: { user: User }) {
  const { t } = useTranslation()
  const [isSending, setSending] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const why = WHY[user.invitation?.state as keyof typeof WHY]
  if (!why) return null
  return (
    <Alert
      color="orange"
      variant="light"
      icon={<IconMailX size={18} aria-hidden />}
      mb="md"
      c="var(--mantine-color-text)"
    >
      <Group justify="space-between" gap="xs">
        <Text size="sm">{t(why)}</Text>
        {user.can.resend?.allowed && (
          <Button ref={button} size="compact-sm" variant="default" onClick={() => setSending(true)}>
            {t('user.act_resend')}
          </Button>
        )}
      </Group>
      {isSending && <ActDialog act="resend" user={user} opener={button} close={() => setSending(false)} />}
    </Alert>
  )
}
