import { VisuallyHidden } from '@mantine/core'
import { IconMailX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../api/client'
import classes from './StatusMark.module.css'

/** What is said of an invitation that nobody can accept; of an open one nothing is. */
const DEAD = {
  open: undefined,
  expired: 'users.linkExpired',
  inviter_unauthorized: 'users.linkDead',
  link_ended: 'users.linkDead',
} as const

interface Props {
  status: Schema['UserStatus']
  invitation?: Schema['InvitationState'] | null | undefined
}

/** Where a user stands: a dot and a word (U-21); and whether the invitation of somebody invited can still be accepted. */
export function StatusMark({ status, invitation }: Props) {
  const { t } = useTranslation()
  const dead = invitation && DEAD[invitation]
  return (
    <span className={classes.mark} data-status={status}>
      <span className={classes.dot} aria-hidden />
      {t(`users.${status}`)}
      {dead && (
        <span className={classes.dead} title={t(dead)}>
          <IconMailX size={15} stroke={1.8} aria-hidden />
          <VisuallyHidden>{t(dead)}</VisuallyHidden>
        </span>
      )}
    </span>
  )
}
