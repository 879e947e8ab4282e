import { Button, TextInput } from '@mantine/core'
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
import { requireKept } from '../../parts/session/kept'
import { spoken } from '../../texts'
import { DeadLink, LinkTrouble } from '../../parts/public/DeadLink'
import { EmailField } from '../../parts/form/EmailField'
import { PasswordField } from '../../parts/form/PasswordField'
import { PublicPage } from '../../parts/public/PublicPage'
import { Waiting } from '../../parts/public/Waiting'

/** The first minutes of an installation: the first account and its first admin. */
export function SetupPage() {
  const { t } = useTranslation()
  const formats = useFormats()
  const navigate = useNavigate()
  const { token } = useParams({ from: '/public/setup/$token' })
  const link = useQuery({
    queryKey: ['setup', token],
    queryFn: ({ signal }) => body(api.GET('/api/v1/setup', { params: { query: { token } }, signal })),
    staleTime: Infinity,
  })
  const form = useForm({ initialValues: { account_name: '', slug: '', name: '', email: '', password: '' } })
  const setUp = useAct({
    mutationFn: async ({ slug, ...values }: typeof form.values) => {
      await api.POST('/api/v1/setup', { body: { token, ...values, locale: spoken(), ...(slug && { slug }) } })
      await requireKept()
    },
    onSuccess: () => {
      queryClient.clear()
      void navigate({ to: '/', replace: true })
    },
    onError: (error) => showAt(form, error),
  })
  if (link.isPending) return <Waiting title={t('session.setupTitle')} />
  if (problemOf(setUp.error)?.status === 404) return <DeadLink kind="setup" token={token} error={setUp.error} />
  if (link.isError) {
    const title = t('session.setupTitle')
    return <LinkTrouble kind="setup" {...{ token, title }} error={link.error} retry={() => void link.refetch()} />
  }
  return (
    <PublicPage title={t('session.setupTitle')} text={t('session.setupText')}>
      <form onSubmit={form.onSubmit((values) => setUp.mutate(values))} style={{ display: 'grid', gap: 16 }}>
        <TextInput label={t('session.companyName')} autoFocus required {...form.getInputProps('account_name')} />
        <TextInput label={t('session.slug')} description={t('session.slugHint')} {...form.getInputProps('slug')} />
        <TextInput label={t('session.name')} autoComplete="name" required {...form.getInputProps('name')} />
        <EmailField {...form.getInputProps('email')} />
        <PasswordField
          label={t('session.password')}
          rules={link.data.password_rules}
          {...form.getInputProps('password')}
        />
        <Refusal error={unplaced(form, setUp.error)} />
        <Button type="submit" loading={setUp.isPending}>
          {t('session.setup')}
        </Button>
      </form>
      <small>{t('session.worksUntil', { when: formats.time(link.data.expires_at) })}</small>
    </PublicPage>
  )
}
