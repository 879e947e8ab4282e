import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../../api/problem'
import { Refusal } from '../../parts/Refusal'
import { ButtonLink } from '../../ui/links'
import { PublicPage } from './PublicPage'

type Kind = 'activate' | 'reset' | 'setup'

/** A link that was used, has expired or was replaced: one page that says what to do next and reveals nothing. */
export function DeadLink({ kind }: { kind: Kind }) {
  const { t } = useTranslation()
  const next = { activate: t('session.deadActivate'), reset: t('session.deadReset'), setup: t('session.deadSetup') }[
    kind
  ]
  return (
    <PublicPage title={t('session.deadTitle')} text={t('session.deadText')}>
      <Text size="sm">{next}</Text>
      {kind === 'reset' && <ButtonLink to="/forgot-password">{t('session.newLink')}</ButtonLink>}
      <ButtonLink to="/sign-in" variant={kind === 'reset' ? 'default' : 'filled'}>
        {t('session.backToSignIn')}
      </ButtonLink>
    </PublicPage>
  )
}

/** The page of a link did not come: the link is dead, or the server cannot say now whether it is. */
export function LinkTrouble(props: { kind: Kind; title: string; error: Error; retry: () => void }) {
  const { kind, title, error, retry } = props
  if (problemOf(error)?.status === 404) return <DeadLink kind={kind} />
  return (
    <PublicPage title={title}>
      <Refusal error={error} retry={retry} />
    </PublicPage>
  )
}
