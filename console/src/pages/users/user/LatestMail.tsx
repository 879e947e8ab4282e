import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ServerWords } from '../../../parts/ServerWords'
import { When } from '../../../parts/When'
import { useAccount } from '../../../parts/session/me'
import { latestMailQuery } from '../queries'
import { Fact } from './Fact'

const STATES = ['pending', 'sent', 'abandoned', 'canceled'] as const

/** Why a mail waits longer than it takes to send it. */
const WAITS = {
  sender_refused: 'user.waits_sender_refused',
  server_unreachable: 'user.waits_server_unreachable',
  deferred: 'user.waits_deferred',
} as const

/** Whether the latest mail to somebody arrived, and what the mail server said where it did not. */
export function LatestMail({ to }: { to: string }) {
  const { t } = useTranslation()
  const { slug } = useAccount()
  const { data: mail } = useQuery(latestMailQuery(slug, to))
  const state = STATES.find((known) => known === mail?.state)
  if (!mail || !state) return null
  const waits = state === 'pending' && WAITS[mail.error_code as keyof typeof WAITS]
  return (
    <Fact name={t('user.latestMail')}>
      {t(`user.mail_${state}`)} · <When at={mail.ended_at ?? mail.created_at} />
      {waits && <Text size="xs">{t(waits)}</Text>}
      {mail.error && (
        <Text size="xs" c={state === 'abandoned' ? 'var(--mantine-color-error)' : 'dimmed'}>
          <ServerWords of={{ detail: mail.error }} />
        </Text>
      )}
    </Fact>
  )
}
