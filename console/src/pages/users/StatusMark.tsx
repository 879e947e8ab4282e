import { useTranslation } from 'react-i18next'
import classes from './StatusMark.module.css'

const WORDS = {
  provisioned: 'users.provisioned',
  active: 'users.active',
  inactive: 'users.inactive',
  deleted: 'users.deleted',
} as const

/** Where a user stands: a dot and a word (U-21). */
export function StatusMark({ status }: { status: string }) {
  const { t } = useTranslation()
  const word = WORDS[status as keyof typeof WORDS]
  return (
    <span className={classes.mark} data-status={status}>
      <span className={classes.dot} aria-hidden />
      {word ? t(word) : status}
    </span>
  )
}
