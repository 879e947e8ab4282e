import { IconLock } from '@tabler/icons-react'
import { Navigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Message } from '../../parts/page/Message'
import { pagesFor } from '../../parts/shell/pages'
import { useAccount } from '../../parts/session/me'

/** The first page of the account that this person may use. */
export function AccountHome() {
  const { t } = useTranslation()
  const { slug, name, role_name, levels } = useAccount()
  const [first] = pagesFor(levels)
  if (first) return <Navigate to={first.to} params={{ account: slug }} replace />
  return (
    <Message icon={<IconLock />} title={name}>
      {t('hub.nothingHere', { role: role_name })}
    </Message>
  )
}
