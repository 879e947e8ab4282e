import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../../ui/links'
import { PublicPage } from './PublicPage'

/** A link that was used, has expired or was replaced: one page that says what to do next and reveals nothing. */
export function DeadLink({ kind }: { kind: 'activate' | 'reset' | 'setup' }) {
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
