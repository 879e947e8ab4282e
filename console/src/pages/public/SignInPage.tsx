import { Alert, Anchor, Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { api, body } from '../../api/client'
import { queryClient } from '../../api/queries'
import { showAt } from '../../lib/forms'
import { Refusal } from '../../parts/Refusal'
import { AnchorLink } from '../../ui/links'
import { PublicPage } from './PublicPage'
import { Secret } from '../../ui/Secret'

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
  return (
    <PublicPage title={t('session.signInTitle')} text={t('session.signInText')}>
      {search.why && !identify.data && (
        <Alert color="blue" variant="light" role="status">
          {search.why}
        </Alert>
      )}
      {next === 'password' ? (
        <PasswordStep email={form.values.email} back={identify.reset} to={search.to} />
      ) : (
        <form onSubmit={form.onSubmit(({ email }) => identify.mutate(email.trim()))}>
          <TextInput
            label={t('session.email')}
            type="email"
            autoComplete="username"
            autoFocus
            required
            {...form.getInputProps('email')}
          />
          {!form.errors.email && identify.isError && <Refusal error={identify.error} />}
          <Button type="submit" fullWidth mt="md" loading={identify.isPending}>
            {t('session.next')}
          </Button>
        </form>
      )}
    </PublicPage>
  )
}

function PasswordStep({ email, back, to }: { email: string; back: () => void; to: string | undefined }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const field = useRef<HTMLInputElement>(null)
  const form = useForm({ initialValues: { password: '' } })
  const signIn = useMutation({
    mutationFn: (password: string) => api.POST('/api/v1/sign-in/password', { body: { email: email.trim(), password } }),
    onSuccess: () => {
      queryClient.clear()
      void navigate({ href: to ?? '/', replace: true })
    },
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
