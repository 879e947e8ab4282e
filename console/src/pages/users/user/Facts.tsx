import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { When } from '../../../parts/When'
import { useMay } from '../../../parts/session/me'
import type { User } from '../queries'
import { Fact } from './Fact'
import classes from './Facts.module.css'
import { LatestMail } from './LatestMail'

/** What is known about a user and cannot be changed here. */
export function Facts({ user, login }: { user: User; login: ReactNode }) {
  const { t } = useTranslation()
  const may = useMay()
  const facts: [string, ReactNode][] = [
    [t('users.column_login_method'), login],
    [t('users.column_last_login_at'), <When key="login" at={user.last_login_at} />],
    [t('user.added'), <When key="added" at={user.created_at} />],
  ]
  if (user.activated_at) facts.push([t('user.activated'), <When key="activated" at={user.activated_at} />])
  if (user.deleted_at) facts.push([t('user.deleted'), <When key="deleted" at={user.deleted_at} />])
  if (user.invitation) {
    if (user.invitation.state === 'open')
      facts.push([t('user.linkUntil'), <When key="until" at={user.invitation.expires_at} />])
    facts.push([t('user.mailsSent'), user.invitation.sent_count])
  }
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <Fact key={name} name={name}>
          {value}
        </Fact>
      ))}
      {may('list_emails') && <LatestMail to={user.email} />}
    </dl>
  )
}
