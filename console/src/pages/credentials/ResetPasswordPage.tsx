import { Button, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, body } from '../../api/client'
import { problemOf } from '../../api/problem'
import { queryClient } from '../../api/queryClient'
import { showAt, unplaced } from '../../parts/form/forms'
import { useFormats } from '../../lib/formats'
import { useAct } from '../../lib/useAct'
import { Refusal } from '../../parts/act/Refusal'
import { DeadLink, LinkTrouble } from '../../parts/public/DeadLink'
import { FixedEmailField } from '../../parts/form/EmailField'
import { PasswordField } from '../../parts/form/PasswordField'
import { PublicPage } from '../../parts/public/PublicPage'
import { Waiting } from '../../parts/public/Waiting'

/** Chooses a new password by the mailed link (LG-4). */
export function ResetPasswordPage() {
  const { t } = useTranslation()
  const formats = useFormats()
  const navigate = useNavigate()
  const { token } = useParams({ from: '/public/reset-password/$token' })
  const page = useQuery({
    queryKey: ['password-reset', token],
    queryFn: ({ signal }) => body(api.GET('/api/v1/password-resets/{token}', { params: { path: { token } }, signal })),
    staleTime: Infinity,
  })
  const form = useForm({ initialValues: { password: '' } })
  const reset = useAct({
    mutationFn: (password: string) =>
      api.POST('/api/v1/password-resets/{token}', { params: { path: { token } }, body: { password } }),
    onSuccess: () => {
      queryClient.clear()
      void navigate({ to: '/sign-in', search: { email: page.data?.email, why: 'reset_done' }, replace: true })
    },
    onError: (error) => showAt(form, error),
  })
  if (page.isPending) return <Waiting title={t('session.resetTitle')} />
  if (problemOf(reset.error)?.status === 404) return <DeadLink kind="reset" token={token} error={reset.error} />
  if (page.isError) {
    const title = t('session.resetTitle')
    return <LinkTrouble kind="reset" {...{ token, title }} error={page.error} retry={() => void page.refetch()} />
  }
  const { email, password_rules, expires_at } = page.data
  return (
    <PublicPage title={t('session.resetTitle')} text={t('session.resetText', { email })}>
      <form onSubmit={form.onSubmit(({ password }) => reset.mutate(password))} style={{ display: 'grid', gap: 16 }}>
        <FixedEmailField value={email} />
        <PasswordField
          label={t('session.newPassword')}
          rules={password_rules}
          autoFocus
          {...form.getInputProps('password')}
        />
        <Refusal error={unplaced(form, reset.error)} />
        <Button type="submit" loading={reset.isPending}>
          {t('session.setPassword')}
        </Button>
      </form>
      <Text size="xs" c="dimmed">
        {t('session.worksUntil', { when: formats.time(expires_at) })}
      </Text>
    </PublicPage>
  )
}
