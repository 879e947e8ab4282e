import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFocusReturn } from '../../lib/useFocusReturn'
import { api } from '../../api/client'
import { meQuery } from '../../api/queries'
import { queryClient } from '../../api/queryClient'
import { prefix } from '../../lib/place'
import { useAct } from '../../lib/useAct'
import { Dialog } from '../act/Dialog'
import { Refusal } from '../act/Refusal'
import { asking } from '../../api/expired'
import { requireKept } from './kept'
import { type Why, whyOf } from '../../api/why'
import { Secret } from '../../ui/Secret'

/** Signs the same person in again over the page, so that what was typed stays. */
export function SignInAgain() {
  const { t } = useTranslation()
  const now = asking.use()
  useFocusReturn(now !== undefined)
  return (
    <Dialog
      opened={now !== undefined}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnClickOutside={false}
      title={t('session.expiredTitle')}
      size="sm"
      zIndex={400}
      centered
    >
      {now && <Again why={whyOf(now.reason.problem.code)} renewed={now.renewed} />}
    </Dialog>
  )
}

function Again({ why, renewed }: { why: Why; renewed: () => void }) {
  const { t } = useTranslation()
  const { data: me } = useQuery({ ...meQuery, enabled: false })
  const [password, setPassword] = useState('')
  const email = me?.value.email ?? ''
  const signIn = useAct({
    mutationFn: async () => {
      await api.POST('/api/v1/sign-in/password', { body: { email, password } })
      await requireKept()
    },
    onSuccess: () => {
      renewed()
      void queryClient.invalidateQueries({ queryKey: ['me', 'sessions'] })
    },
    onError: () => setPassword(''),
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        signIn.mutate()
      }}
    >
      <Stack>
        <Text size="sm">
          {t(`session.why_${why}`)} {t('session.expiredText')}
        </Text>
        <Refusal error={signIn.error} />
        <TextInput label={t('session.email')} value={email} readOnly autoComplete="username" />
        <Secret
          label={t('session.password')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          data-autofocus
        />
        <Button type="submit" loading={signIn.isPending}>
          {t('session.signIn')}
        </Button>
        <Anchor size="sm" ta="center" href={`${prefix}/forgot-password`} target="_blank">
          {t('session.forgot')}
        </Anchor>
        <Anchor size="sm" ta="center" href={`${prefix}/sign-in?other=true`}>
          {t('session.signInAsOther')}
        </Anchor>
      </Stack>
    </form>
  )
}
