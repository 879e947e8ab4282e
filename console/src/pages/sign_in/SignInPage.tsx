import { Alert, Anchor, Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Suspense, useCallback, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { api, body } from '../../api/client'
import { lazyPart } from '../../api/fetched'
import { queryClient } from '../../api/queryClient'
import { showAt, unplaced } from '../../parts/form/forms'
import { useAct } from '../../lib/useAct'
import { Refusal } from '../../parts/act/Refusal'
import { AnchorLink } from '../../ui/links'
import { onSessionChange } from '../../api/tabs'
import { requireKept } from '../../parts/session/kept'
import { isSignedInFor } from '../../parts/session/signedIn'
import { EmailField } from '../../parts/form/EmailField'
import { PublicPage } from '../../parts/public/PublicPage'
import { Secret } from '../../ui/Secret'

const FirstSteps = lazyPart(() => import('./FirstSteps'), 'FirstSteps')

/** Goes to where the person wanted to go, with nothing left of whoever was here before. */
function useEnter(to: string | undefined) {
  const navigate = useNavigate()
  return useCallback(() => {
    queryClient.clear()
    void navigate({ href: to ?? '/', replace: true })
  }, [navigate, to])
}

/** Goes on at once where this browser is signed in already, and as soon as it is so in another tab. */
function useEnterIfSignedIn(isWanted: boolean, to: string | undefined, enter: () => void) {
  useEffect(() => {
    if (!isWanted) return
    const look = async () => {
      if (await isSignedInFor(to ?? '/')) enter()
    }
    void look()
    return onSessionChange(look)
  }, [isWanted, to, enter])
}

/** E-mail first; then what this person uses (LG-1). */
export function SignInPage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/public/sign-in' })
  const form = useForm({ initialValues: { email: search.email ?? '', password: '' } })
  const identify = useMutation({
    mutationFn: (email: string) => body(api.POST('/api/v1/sign-in/identify', { body: { email } })),
    onError: (error) => showAt(form, error),
  })
  const next = identify.data?.next
  const enter = useEnter(search.to)
  useEnterIfSignedIn(!search.email && !search.other, search.to, enter)
  const installation = useQuery({
    queryKey: ['installation'],
    queryFn: ({ signal }) => body(api.GET('/api/v1/installation', { signal })),
    staleTime: Infinity,
  })
  return (
    <PublicPage title={t('session.signInTitle')} text={t('session.signInText')}>
      {search.why && !identify.data && (
        <Alert color="blue" variant="light" role="status">
          {t(`session.why_${search.why}`)}
        </Alert>
      )}
      {next === 'password' ? (
        <PasswordStep email={form.values.email} back={identify.reset} enter={enter} />
      ) : (
        <form onSubmit={form.onSubmit(({ email }) => identify.mutate(email.trim()))}>
          <EmailField autoFocus {...form.getInputProps('email')} />
          <Refusal error={unplaced(form, identify.error)} />
          <Button type="submit" fullWidth mt="md" loading={identify.isPending}>
            {t('session.next')}
          </Button>
        </form>
      )}
      {next !== 'password' && installation.data && (
        <Suspense>
          <FirstSteps installation={installation.data} enter={enter} />
        </Suspense>
      )}
    </PublicPage>
  )
}

function PasswordStep({ email, back, enter }: { email: string; back: () => void; enter: () => void }) {
  const { t } = useTranslation()
  const field = useRef<HTMLInputElement>(null)
  const form = useForm({ initialValues: { password: '' } })
  const signIn = useAct({
    mutationFn: async (password: string) => {
      await api.POST('/api/v1/sign-in/password', { body: { email: email.trim(), password } })
      await requireKept()
    },
    onSuccess: enter,
    onError: () => {
      form.reset()
      field.current?.focus()
    },
  })
  useEffect(() => field.current?.focus(), [])
  return (
    <form onSubmit={form.onSubmit(({ password }) => signIn.mutate(password))}>
      <TextInput
        label={t('session.email')}
        value={email}
        readOnly
        autoComplete="username"
        mb="md"
        rightSectionWidth="auto"
        description={
          <Anchor component="button" type="button" size="xs" onClick={back}>
            {t('session.changeEmail')}
          </Anchor>
        }
        inputWrapperOrder={['label', 'input', 'description']}
      />
      <Secret
        ref={field}
        label={t('session.password')}
        autoComplete="current-password"
        {...form.getInputProps('password')}
      />
      <div style={{ marginTop: 12 }}>
        <Refusal error={signIn.error} />
      </div>
      <Button type="submit" fullWidth mt="md" loading={signIn.isPending}>
        {t('session.signIn')}
      </Button>
      <AnchorLink to="/forgot-password" search={{ email }} size="sm" display="block" ta="center" mt="md">
        {t('session.forgot')}
      </AnchorLink>
    </form>
  )
}
