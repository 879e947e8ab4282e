import { Alert, Anchor, Button, Divider, Group, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type Schema, api } from '../../api/client'
import { prefix } from '../../lib/place'
import { Refusal } from '../../parts/act/Refusal'
import { requireKept } from '../../parts/session/kept'

type Installation = Schema['InstallationView']

/** Helps somebody who just started the server: what to do first, and whom to sign in as in the development mode. */
export function FirstSteps({ installation, enter }: { installation: Installation; enter: () => void }) {
  const { t } = useTranslation()
  const { is_set_up, is_development, demo } = installation
  if (!is_set_up) {
    return (
      <Alert variant="light" title={t('session.notSetUpTitle')} c="var(--mantine-color-text)">
        {t('session.notSetUpText')}
      </Alert>
    )
  }
  if (!is_development) return null
  return (
    <Stack gap="xs">
      <Divider />
      <Text size="sm" c="dimmed">
        {demo ? t('session.demoText') : t('session.developmentText')}
      </Text>
      {demo && <DemoPeople demo={demo} enter={enter} />}
      <Anchor href={`${prefix}/dev/mail`} target="_blank" size="sm">
        {t('session.mailbox')}
      </Anchor>
    </Stack>
  )
}

function DemoPeople({ demo, enter }: { demo: NonNullable<Installation['demo']>; enter: () => void }) {
  const { t } = useTranslation()
  const signIn = useMutation({
    mutationFn: async (email: string) => {
      await api.POST('/api/v1/sign-in/password', { body: { email, password: demo.password } })
      await requireKept()
    },
    onSuccess: enter,
  })
  return (
    <>
      <Group gap={6} role="group" aria-label={t('session.demoPeople')}>
        {demo.people.map(({ email, role }) => (
          <Button
            key={email}
            size="compact-sm"
            variant="default"
            title={email}
            loading={signIn.isPending && signIn.variables === email}
            onClick={() => signIn.mutate(email)}
          >
            {role}
          </Button>
        ))}
      </Group>
      <Refusal error={signIn.error} />
      <Text size="xs" c="dimmed">
        {t('session.demoPassword', { password: demo.password })}
      </Text>
    </>
  )
}
