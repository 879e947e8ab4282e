import { Button, Group } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Schema, type Versioned, api, versioned } from '../../api/client'
import { hasCode } from '../../api/problem'
import { accountQuery, myAccountsQuery, queryClient } from '../../api/queries'
import { showAt, unplaced } from '../../lib/forms'
import { UnsavedGuard } from '../../lib/unsaved'
import { Page } from '../../parts/Page'
import { Refusal } from '../../parts/Refusal'
import { Stale } from '../../parts/Stale'
import { WhyNot } from '../../parts/WhyNot'
import { say } from '../../parts/toasts'
import { useAccount, useWhyNot } from '../../session/me'
import { Effects } from './Effects'
import { Sections } from './Sections'
import { type Fields, fieldAt, fieldsOf, wishOf } from './fields'
import { useDifferences } from './useDifferences'
import classes from './SettingsPage.module.css'

/** The account's own rules. What a change does to people is shown before it is made. */
export function SettingsPage() {
  const { t } = useTranslation()
  const { slug } = useAccount()
  const { data } = useSuspenseQuery(accountQuery(slug))
  return (
    <Page title={t('settings.title')} text={t('settings.text')}>
      <SettingsForm key={slug} account={slug} loaded={data} />
    </Page>
  )
}

type Changed = Schema['ChangedAccountView']

function SettingsForm({ account, loaded }: { account: string; loaded: Versioned<Schema['AccountView']> }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [base, setBase] = useState(loaded)
  const [newer, setNewer] = useState<Versioned<Schema['AccountView']>>()
  const [preview, setPreview] = useState<Changed>()
  const before = fieldsOf(base.value)
  const form = useForm<Fields>({ initialValues: before })
  const wish = wishOf(before, form.values)
  const isDirty = Object.keys(wish).length > 0
  const whyNot = useWhyNot('change_account')
  const differences = useDifferences(form.values, before, newer?.value)

  const send = async (dry_run: boolean, version: string) =>
    versioned<Changed>(
      api.PATCH('/api/v1/accounts/{account}', {
        params: { path: { account }, query: { dry_run } },
        body: wish,
        headers: { 'If-Match': version },
      }),
    )
  const refused = async (error: unknown) => {
    setPreview(undefined)
    if (hasCode(error, 'stale')) setNewer(await queryClient.fetchQuery({ ...accountQuery(account), staleTime: 0 }))
    else showAt(form, error, fieldAt)
  }
  const save = useMutation({
    mutationFn: (version: string) => send(false, version),
    onSuccess: async ({ value, version }) => {
      const saved = { value: value.account, version }
      queryClient.setQueryData(accountQuery(value.account.slug).queryKey, saved)
      setBase(saved)
      setNewer(undefined)
      setPreview(undefined)
      form.setValues(fieldsOf(value.account))
      say(t('common.saved'))
      await queryClient.invalidateQueries(myAccountsQuery)
      if (value.account.slug !== account) {
        await navigate({
          to: '/accounts/$account/settings',
          params: { account: value.account.slug },
          replace: true,
          ignoreBlocker: true,
        })
      }
    },
    onError: refused,
  })
  const look = useMutation({
    mutationFn: () => send(true, base.version),
    onSuccess: ({ value }) => (value.effects.length > 0 ? setPreview(value) : save.mutate(base.version)),
    onError: refused,
  })
  const error = look.error ?? save.error
  return (
    <form
      onSubmit={form.onSubmit(() => {
        save.reset()
        look.mutate()
      })}
    >
      <Sections form={form} seats={base.value.seats} readOnly={whyNot} />
      <div className={classes.bar} data-shown={isDirty || undefined}>
        <div>{!hasCode(error, 'stale') && <Refusal error={unplaced(form, error, fieldAt)} />}</div>
        <Group gap="xs" wrap="nowrap">
          <Button variant="default" disabled={!isDirty} onClick={() => form.setValues(before)}>
            {t('settings.discard')}
          </Button>
          <WhyNot why={whyNot}>
            <Button type="submit" loading={look.isPending || save.isPending} disabled={!isDirty && !whyNot}>
              {t('common.save')}
            </Button>
          </WhyNot>
        </Group>
      </div>
      <Effects
        effects={preview?.effects}
        saving={save.isPending}
        confirm={() => save.mutate(base.version)}
        close={() => setPreview(undefined)}
      />
      <Stale
        differences={differences}
        saving={save.isPending}
        keepMine={() => newer && save.mutate(newer.version)}
        takeTheirs={() => {
          if (!newer) return
          setBase(newer)
          form.setValues(fieldsOf(newer.value))
          setNewer(undefined)
        }}
      />
      <UnsavedGuard isDirty={isDirty && !save.isPending} />
    </form>
  )
}
