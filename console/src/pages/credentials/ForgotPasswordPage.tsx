import { Button } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { showAt, unplaced } from '../../parts/form/forms'
import { Refusal } from '../../parts/act/Refusal'
import { AnchorLink } from '../../ui/links'
import { EmailField } from '../../parts/form/EmailField'
import { PublicPage } from '../../parts/public/PublicPage'

/** Asks for a link to choose a new password (LG-4). The answer never tells whether the address is known. */
export function ForgotPasswordPage() {
  const { t } = useTranslation()
  const { email = '' } = useSearch({ from: '/public/forgot-password' })
  const form = useForm({ initialValues: { email } })
  const ask = useMutation({
    mutationFn: (address: string) => api.POST('/api/v1/password-resets', { body: { email: address } }),
    onError: (error) => showAt(form, error),
  })
  const back = (
    <AnchorLink to="/sign-in" size="sm" ta="center">
      {t('session.backToSignIn')}
    </AnchorLink>
  )
  if (ask.isSuccess) {
    return (
      <PublicPage title={t('session.sentTitle')} text={t('session.sentText', { email: ask.variables })}>
        {back}
      </PublicPage>
    )
  }
  return (
    <PublicPage title={t('session.forgotTitle')} text={t('session.forgotText')}>
      <form onSubmit={form.onSubmit((values) => ask.mutate(values.email.trim()))}>
        <EmailField autoFocus {...form.getInputProps('email')} />
        <Refusal error={unplaced(form, ask.error)} />
        <Button type="submit" fullWidth mt="md" loading={ask.isPending}>
          {t('session.sendLink')}
        </Button>
      </form>
      {back}
    </PublicPage>
  )
}
