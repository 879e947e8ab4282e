import { VisuallyHidden } from '@mantine/core'
import { IconMailX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './StatusMark.module.css'

const WORDS = {
  provisioned: 'users.provisioned',
  active: 'users.active',
  inactive: 'users.inactive',
  deleted: 'users.deleted',
} as const

/** What is said of an invitation that nobody can accept; of an open one nothing is. */
const DEAD = {
  expired: 'users.linkExpired',
  inviter_unauthorized: 'users.linkDead',
  link_ended: 'users.linkDead',
} as const

/** Where a user stands: a dot and a word (U-21); and whether the invitation of somebody invited can still be accepted. */
export function StatusMark({ status, invitation }: { status: string; invitation?: string | null | undefined }) {
  const { t } = useTranslation()
  const word = WORDS[status as keyof typeof WORDS]
  const dead = DEAD[invitation as keyof typeof DEAD]
  return (
    <span className={classes.mark} data-status={status}>
      <span className={classes.dot} aria-hidden />
      {word ? t(word) : status}
      {dead && (
        <span className={classes.dead} title={t(dead)}>
          <IconMailX size={15} stroke={1.8} aria-hidden />
          <VisuallyHidden>{t(dead)}</VisuallyHidden>
        </span>
      )}
    </span>
  )
}
