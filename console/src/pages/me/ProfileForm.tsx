import { Button, NativeSelect, Skeleton, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { type Schema, type Versioned, api, versioned } from '../../api/client'
import { hasCode } from '../../api/problem'
import { meQuery } from '../../api/queries'
import { queryClient } from '../../api/queryClient'
import { showAt, unplaced } from '../../parts/form/forms'
import { UnsavedGuard } from '../../parts/form/unsaved'
import { useVersioned } from '../../parts/form/useVersioned'
import { useAct } from '../../lib/useAct'
import { LANGUAGE_NAMES, localeName } from '../../parts/LanguageChoice'
import { Refusal } from '../../parts/act/Refusal'
import { Section } from '../../parts/form/Section'
import { Stale } from '../../parts/form/Stale'
import { toast } from '../../parts/act/toasts'
import { type Locale, choose } from '../../texts'

/** Name and language of the person. */
export function ProfileForm() {
  const { t } = useTranslation()
  const { data: me } = useQuery(meQuery)
  return <Section title={t('profile.aboutYou')}>{me ? <Form me={me} /> : <Skeleton h={180} />}</Section>
}

interface Fields {
  name: string
  locale: Locale
}

const fieldsOf = ({ name, locale }: Schema['Me']): Fields => ({ name: name ?? '', locale })

function Form({ me }: { me: Versioned<Schema['Me']> }) {
  const { t } = useTranslation()
  const { form, base, mine, isDirty, isStale, sides, showConflict, saved, keepMine, takeTheirs } = useVersioned(
    me,
    fieldsOf,
  )
  const save = useAct({
    mutationFn: ({ change, version }: { change: Partial<Fields>; version: string }) =>
      versioned(api.PATCH('/api/v1/me', { body: change, headers: { 'If-Match': version } })),
    onSuccess: async (answer, { change }) => {
      queryClient.setQueryData(meQuery.queryKey, answer)
      await choose(answer.value.locale)
      saved(answer, change)
      // In the language that was just chosen.
      toast.success(i18next.t('common.saved'))
    },
    onError: async (error) => {
      if (hasCode(error, 'stale')) showConflict(await queryClient.fetchQuery({ ...meQuery, staleTime: 0 }))
      else showAt(form, error)
    },
  })
  const send = (version: string) => save.mutate({ change: mine, version })
  const rows = {
    name: { label: t('session.name'), show: (name: string) => name },
    locale: {
      label: t('common.chooseLanguage'),
      show: localeName,
    },
  }
  return (
    <form onSubmit={form.onSubmit(() => send(base.version))}>
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
        {!isStale && <Refusal error={unplaced(form, save.error)} />}
        <Button type="submit" loading={save.isPending} disabled={!isDirty} style={{ alignSelf: 'start' }}>
          {t('common.save')}
        </Button>
      </Stack>
      <Stale
        {...sides}
        rows={rows}
        keepMine={() => keepMine(send)}
        takeTheirs={() => {
          takeTheirs()
          save.reset()
        }}
      />
      <UnsavedGuard isDirty={isDirty && !save.isPending} />
    </form>
  )
}
