import { Button, NativeSelect, Skeleton, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Schema, type Versioned, api, versioned } from '../../api/client'
import { hasCode } from '../../api/problem'
import { meQuery, queryClient } from '../../api/queries'
import { showAt, unplaced } from '../../lib/forms'
import { UnsavedGuard } from '../../lib/unsaved'
import { LANGUAGE_NAMES } from '../../parts/LanguageChoice'
import { Refusal } from '../../parts/Refusal'
import { Section } from '../../parts/Section'
import { Stale } from '../../parts/Stale'
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

const fieldsOf = ({ name, locale }: Schema['Me']) => ({ name: name ?? '', locale })

function Form({ me }: { me: Versioned<Schema['Me']> }) {
  const { t } = useTranslation()
  const form = useForm({ initialValues: fieldsOf(me.value) })
  const [newer, setNewer] = useState<Versioned<Schema['Me']>>()
  const save = useMutation({
    mutationFn: (version: string) =>
      versioned(api.PATCH('/api/v1/me', { body: form.values, headers: { 'If-Match': version } })),
    onSuccess: async (saved) => {
      setNewer(undefined)
      form.resetDirty()
      queryClient.setQueryData(meQuery.queryKey, saved)
      await choose(saved.value.locale)
      say(t('common.saved'))
    },
    onError: async (error) => {
      if (hasCode(error, 'stale')) setNewer(await versioned(api.GET('/api/v1/me')))
      else showAt(form, error)
    },
  })
  const theirs = newer && fieldsOf(newer.value)
  const languageName = (locale: string) => LANGUAGE_NAMES.find(({ value }) => value === locale)?.label ?? locale
  const differences = theirs && [
    { field: t('session.name'), mine: form.values.name, theirs: theirs.name },
    {
      field: t('common.chooseLanguage'),
      mine: languageName(form.values.locale),
      theirs: languageName(theirs.locale),
    },
  ]
  return (
    <form onSubmit={form.onSubmit(() => save.mutate(me.version))}>
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
        {!hasCode(save.error, 'stale') && <Refusal error={unplaced(form, save.error)} />}
        <Button type="submit" loading={save.isPending} disabled={!form.isDirty()} style={{ alignSelf: 'start' }}>
          {t('common.save')}
        </Button>
      </Stack>
      <Stale
        differences={differences}
        saving={save.isPending}
        keepMine={() => newer && save.mutate(newer.version)}
        takeTheirs={() => newer && queryClient.setQueryData(meQuery.queryKey, newer)}
      />
      <UnsavedGuard isDirty={form.isDirty() && !save.isPending} />
    </form>
  )
}
