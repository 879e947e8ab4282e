import { Button, NativeSelect, Skeleton, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type Schema, type Versioned, api, versioned } from '../../api/client'
import { hasCode } from '../../api/problem'
import { meQuery, queryClient } from '../../api/queries'
import { showAt } from '../../lib/forms'
import { UnsavedGuard } from '../../lib/unsaved'
import { LANGUAGE_NAMES } from '../../parts/LanguageChoice'
import { Refusal } from '../../parts/Refusal'
import { Section } from '../../parts/Section'
import { say } from '../../parts/toasts'
import { choose } from '../../texts'

/** Name and language of the person. */
export function ProfileForm() {
  const { t } = useTranslation()
  const { data: me } = useQuery(meQuery)
  return (
    <Section title={t('profile.aboutYou')}>{me ? <Form key={me.version} me={me} /> : <Skeleton h={180} />}</Section>
  )
}

function Form({ me }: { me: Versioned<Schema['Me']> }) {
  const { t } = useTranslation()
  const form = useForm({ initialValues: { name: me.value.name ?? '', locale: me.value.locale } })
  const save = useMutation({
    mutationFn: (values: typeof form.values) =>
      versioned(api.PATCH('/api/v1/me', { body: values, headers: { 'If-Match': me.version } })),
    onSuccess: async (saved) => {
      form.resetDirty()
      queryClient.setQueryData(meQuery.queryKey, saved)
      await choose(saved.value.locale)
      say(t('common.saved'))
    },
    onError: (error) => {
      if (hasCode(error, 'stale')) void queryClient.invalidateQueries(meQuery)
      showAt(form, error)
    },
  })
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack>
        <TextInput
          label={t('session.email')}
          description={t('profile.emailFixed')}
          value={me.value.email}
          readOnly
          variant="filled"
        />
        <TextInput label={t('session.name')} autoComplete="name" required {...form.getInputProps('name')} />
        <NativeSelect
          label={t('common.chooseLanguage')}
          description={t('profile.languageText')}
          data={LANGUAGE_NAMES}
          {...form.getInputProps('locale')}
        />
        {Object.keys(form.errors).length === 0 && <Refusal error={save.error} />}
        <Button type="submit" loading={save.isPending} disabled={!form.isDirty()} style={{ alignSelf: 'start' }}>
          {t('common.save')}
        </Button>
      </Stack>
      <UnsavedGuard isDirty={form.isDirty() && !save.isPending} />
    </form>
  )
}
