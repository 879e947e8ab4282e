import { Button } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DeadInvitations } from '../../../parts/DeadInvitations'
import type { User } from '../queries'
import { ActDialog } from './ActDialog'

const WHY = {
  open: undefined,
  expired: 'user.invitation_expired',
  inviter_unauthorized: 'user.invitation_inviter_unauthorized',
  link_ended: 'user.invitation_link_ended',
} as const

/** Says why the invitation of a user can no longer be accepted, and offers to send it again. */
export function DeadInvitation({ user }: { user: User }) {
  const { t } = useTranslation()
  const [isSending, setSending] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const why = user.invitation && WHY[user.invitation.state]
  if (!why) return null
  return (
    <>
      <DeadInvitations
        action={
          user.can.resend?.allowed && (
            <Button ref={button} size="compact-sm" variant="default" onClick={() => setSending(true)}>
              {t('user.act_resend')}
            </Button>
          )
        }
      >
        {t(why)}
      </DeadInvitations>
      {isSending && <ActDialog act="resend" user={user} opener={button} close={() => setSending(false)} />}
    </>
  )
}
