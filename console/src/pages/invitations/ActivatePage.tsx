import { Alert, Button, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Schema, api, body } from '../../api/client'
import { hasCode, problemOf } from '../../api/problem'
import { queryClient } from '../../api/queryClient'
import { showAt, unplaced } from '../../parts/form/forms'
import { useFormats } from '../../lib/formats'
import { useAct } from '../../lib/useAct'
import { Refusal } from '../../parts/act/Refusal'
import { requireKept } from '../../parts/session/kept'
import { spoken } from '../../texts'
import { DeadLink, LinkTrouble } from '../../parts/public/DeadLink'
import { FixedEmailField } from '../../parts/form/EmailField'
import { PasswordField } from '../../parts/form/PasswordField'
import { PublicPage } from '../../parts/public/PublicPage'
import { Waiting } from '../../parts/public/Waiting'

type Invitation = Schema['ActivationPage']

/** Accepts an invitation (U-17). Looking does not use the link up; the button does. */
export function ActivatePage() {
  const { t } = useTranslation()
  const { token } = useParams({ from: '/public/activate/$token' })
  const page = useQuery({
    queryKey: ['activation', token],
    queryFn: ({ signal }) => body(api.GET('/api/v1/activations/{token}', { params: { path: { token } }, signal })),
    staleTime: Infinity,
  })
  if (page.isPending) return <Waiting title={t('session.activateTitle', { account: '…' })} />
  if (page.isError) {
    const title = t('session.activate')
    return <LinkTrouble kind="activate" {...{ token, title }} error={page.error} retry={() => void page.refetch()} />
  }
  return <Activation token={token} invitation={page.data} lookAgain={() => page.refetch()} />
}

function Activation({
  token,
  invitation,
  lookAgain,
}: {
  token: string
  invitation: Invitation
  lookAgain: () => Promise<unknown>
}) {
  const { t } = useTranslation()
  const formats = useFormats()
  const navigate = useNavigate()
  const { account_name: account, email, inviter_email: inviter, password_needed } = invitation
  const form = useForm({ initialValues: { name: invitation.name ?? '', password: '' } })
  const [isLate, setLate] = useState(false)
  const activate = useAct({
    mutationFn: async ({ name, password }: typeof form.values) => {
      const accepted = await body(
        api.POST('/api/v1/activations/{token}', {
          params: { path: { token } },
          // Whoever has a sign-in keeps it as it is, with its name and language.
          body: password_needed ? { name, password, locale: spoken() } : {},
        }),
      )
      if (accepted.session) await requireKept()
      return accepted
    },
    onSuccess: ({ session }) => {
      queryClient.clear()
      // Who is signed in as this very person stays so: their session opens the account, too.
      if (session || invitation.signed_in_as === email) void navigate({ to: '/', replace: true })
      else void navigate({ to: '/sign-in', search: { email, why: 'activated' }, replace: true })
    },
    onError: async (error) => {
      // With another invitation the person has got a sign-in since this page was opened: then none is asked for here.
      if (!hasSignInByNow(error)) return showAt(form, error)
      setLate(true)
      await lookAgain()
    },
  })
  if (problemOf(activate.error)?.status === 404) {
    return <DeadLink kind="activate" token={token} error={activate.error} />
  }
  return (
    <PublicPage
      title={t('session.activateTitle', { account })}
      text={inviter ? t('session.activateTextBy', { inviter, email }) : t('session.activateText', { email })}
    >
      <SignedInAs invitation={invitation} signedOut={() => void lookAgain()} />
      <form onSubmit={form.onSubmit((values) => activate.mutate(values))} style={{ display: 'grid', gap: 16 }}>
        {password_needed ? (
          <>
            <TextInput
              label={t('session.name')}
              autoComplete="name"
              autoFocus
              required
              {...form.getInputProps('name')}
            />
            <FixedEmailField value={email} />
            <PasswordField
              label={t('session.password')}
              rules={invitation.password_rules}
              {...form.getInputProps('password')}
            />
          </>
        ) : (
          <Alert variant="light" role={isLate ? 'alert' : undefined}>
            {t('session.keepsPassword')}
          </Alert>
        )}
        {!isLate && <Refusal error={unplaced(form, activate.error)} />}
        <Button type="submit" loading={activate.isPending}>
          {t('session.activate')}
        </Button>
      </form>
      <Text size="xs" c="dimmed">
        {t('session.worksUntil', { when: formats.time(invitation.expires_at) })}
      </Text>
    </PublicPage>
  )
}

const hasSignInByNow = (error: unknown) =>
  hasCode(error, 'stale') || problemOf(error)?.errors?.some(({ code }) => code === 'field_not_allowed') === true

/** Whoever opens an invitation in a browser in which somebody is signed in is told who, and can sign them out. */
function SignedInAs({ invitation, signedOut }: { invitation: Invitation; signedOut: () => void }) {
  const { t } = useTranslation()
  const signOut = useMutation({
    mutationFn: () => api.POST('/api/v1/sign-out'),
    onSettled: () => {
      queryClient.removeQueries({ queryKey: ['me'] })
      signedOut()
    },
  })
  const { signed_in_as: email } = invitation
  if (!email) return null
  return (
    <Alert variant="light" color={email === invitation.email ? 'blue' : 'yellow'} role="status" mb="md">
      {email === invitation.email ? t('session.signedInAs', { email }) : t('session.signedInAsOther', { email })}
      <Button
        variant="default"
        size="xs"
        mt="xs"
        display="block"
        loading={signOut.isPending}
        onClick={() => signOut.mutate()}
      >
        {t('session.signOut')}
      </Button>
    </Alert>
  )
}
