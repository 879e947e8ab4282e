import { Button, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { meQuery, mySessionsQuery, passwordRulesQuery } from '../../api/queries'
import { queryClient } from '../../api/queryClient'
import { showAt, unplaced } from '../../parts/form/forms'
import { useUnsaved } from '../../lib/typed'
import { useAct } from '../../lib/useAct'
import { Refusal } from '../../parts/act/Refusal'
import { Section } from '../../parts/form/Section'
import { toast } from '../../parts/act/toasts'
import { Secret } from '../../ui/Secret'
import { FixedEmailField } from '../../parts/form/EmailField'
import { PasswordField } from '../../parts/form/PasswordField'

/** Chooses another password; every other browser is signed out. */
export function PasswordForm() {
  const { t } = useTranslation()
  const { data: me } = useQuery(meQuery)
  // Without them one still chooses a password, and the server says what it lacks.
  const { data: rules } = useQuery(passwordRulesQuery)
  const form = useForm({ initialValues: { current_password: '', new_password: '' } })
  useUnsaved(form.isDirty())
  const change = useAct({
    mutationFn: (body: typeof form.values) => api.POST('/api/v1/me/password', { body }),
    onSuccess: () => {
      form.reset()
      toast.success(t('profile.passwordChanged'))
      void queryClient.invalidateQueries(mySessionsQuery)
    },
    onError: (error) => showAt(form, error),
  })
  return (
    <Section title={t('profile.password')} text={t('profile.passwordText')}>
      <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
        <Stack>
          <FixedEmailField value={me?.value.email ?? ''} />
          <Secret
            label={t('profile.currentPassword')}
            autoComplete="current-password"
            {...form.getInputProps('current_password')}
          />
          <PasswordField label={t('session.newPassword')} rules={rules} {...form.getInputProps('new_password')} />
          <Refusal error={unplaced(form, change.error)} />
          <div>
            <Button type="submit" loading={change.isPending} disabled={!form.isDirty()}>
              {t('profile.changePassword')}
            </Button>
          </div>
        </Stack>
      </form>
    </Section>
  )
}
