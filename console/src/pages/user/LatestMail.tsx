import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ServerWords } from '../../parts/ServerWords'
import { When } from '../../parts/When'
import { useAccount } from '../../session/me'
import { latestMailQuery } from '../users/queries'
import { Fact } from './Fact'

const STATES = ['pending', 'sent', 'abandoned', 'cancelled'] as const

/** Whether the latest mail to somebody arrived, and what the mail server said where it did not. */
export function LatestMail({ to }: { to: string }) {
  const { t } = useTranslation()
  const { slug } = useAccount()
  const { data: mail } = useQuery(latestMailQuery(slug, to))
  const state = STATES.find((known) => known === mail?.state)
  if (!mail || !state) return null
  return (
    <Fact name={t('user.latestMail')}>
      {t(`user.mail_${state}`)} · <When at={mail.ended_at ?? mail.created_at} />
      {mail.error && (
        <Text size="xs" c={state === 'abandoned' ? 'var(--mantine-color-error)' : 'dimmed'}>
          <ServerWords>{mail.error}</ServerWords>
        </Text>
      )}
    </Fact>
  )
}
