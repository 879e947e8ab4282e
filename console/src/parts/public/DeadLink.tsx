import { Button, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { problemOf } from '../../api/problem'
import { Refusal } from '../act/Refusal'
import { AnchorLink, ButtonLink } from '../../ui/links'
import { PublicPage } from './PublicPage'

type Kind = 'activate' | 'reset' | 'setup'

/** What became of the link, as far as whoever holds it may know. */
const REASONS = {
  link_expired: 'expired',
  link_used: 'used',
  link_replaced: 'replaced',
  link_revoked: 'revoked',
  link_inviter_unauthorized: 'inviterLost',
} as const
type Reason = (typeof REASONS)[keyof typeof REASONS] | 'unknown'

function reasonOf(error: Error | null): Reason {
  const code = problemOf(error)?.code ?? ''
  return code in REASONS ? REASONS[code as keyof typeof REASONS] : 'unknown'
}

/** A link that does not work: why, and what to do next. */
export function DeadLink({ kind, token, error }: { kind: Kind; token: string; error: Error | null }) {
  const { t } = useTranslation()
  const reason = reasonOf(error)
  const ask = useMutation({ mutationFn: () => api.POST('/api/v1/link-requests', { body: { token } }) })
  if (ask.isSuccess) {
    return (
      <PublicPage title={t('session.sentTitle')} text={t('session.newLinkText')}>
        <SignIn />
      </PublicPage>
    )
  }
  return (
    <PublicPage title={t(`session.dead_${reason}`)} text={t(`session.deadText_${reason}`)}>
      <Text size="sm">{t(nextStep(kind, reason))}</Text>
      <Refusal error={ask.error} />
      {isReplaceable(kind, reason) && (
        <Button onClick={() => ask.mutate()} loading={ask.isPending}>
          {t('session.newLink')}
        </Button>
      )}
      {reason === 'unknown' && kind !== 'setup' && (
        <ButtonLink to="/forgot-password">{t('session.linkByEmail')}</ButtonLink>
      )}
      <SignIn />
    </PublicPage>
  )
}

/** A used link to a new password can be followed by another one; a used invitation is accepted. */
const isReplaceable = (kind: Kind, reason: Reason) =>
  kind !== 'setup' && (reason === 'expired' || reason === 'replaced' || (kind === 'reset' && reason === 'used'))

function nextStep(kind: Kind, reason: Reason) {
  if (kind === 'setup') return 'session.deadSetup'
  if (reason === 'revoked') return 'session.deadRevoked'
  if (reason === 'inviterLost') return 'session.deadInviterLost'
  if (reason === 'used') return kind === 'activate' ? 'session.deadActivated' : 'session.deadChanged'
  return reason === 'unknown' ? 'session.deadUnknown' : 'session.deadAsk'
}

function SignIn() {
  const { t } = useTranslation()
  return (
    <AnchorLink to="/sign-in" size="sm" ta="center">
      {t('session.backToSignIn')}
    </AnchorLink>
  )
}

/** The page of a link did not come: the link is dead, or the server cannot say now whether it is. */
export function LinkTrouble(props: { kind: Kind; token: string; title: string; error: Error; retry: () => void }) {
  const { kind, token, title, error, retry } = props
  if (problemOf(error)?.status === 404) return <DeadLink kind={kind} token={token} error={error} />
  return (
    <PublicPage title={title}>
      <Refusal error={error} retry={retry} />
    </PublicPage>
  )
}
