import { Button, Group } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Schema, type Versioned, api, versioned } from '../../api/client'
import { hasCode } from '../../api/problem'
import { accountQuery, myAccountsQuery } from '../../api/queries'
import { queryClient } from '../../api/queryClient'
import { showAt, unplaced } from '../../parts/form/forms'
import { UnsavedGuard } from '../../parts/form/unsaved'
import { useAct } from '../../lib/useAct'
import { useVersioned } from '../../parts/form/useVersioned'
import { Page } from '../../parts/page/Page'
import { Refusal } from '../../parts/act/Refusal'
import { Stale } from '../../parts/form/Stale'
import { WhyNot } from '../../parts/act/WhyNot'
import { toast } from '../../parts/act/toasts'
import { useAccount, useWhyNot } from '../../parts/session/me'
import { Effects } from './Effects'
import { Sections } from './Sections'
import { type Fields, fieldAt, fieldsOf, patchOf } from './fields'
import { useRows } from './useRows'
import { useWording } from './useWording'
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
/** What is to be saved, over which version. */
interface Wish {
  change: Partial<Fields>
  version: string
}

function SettingsForm({ account, loaded }: { account: string; loaded: Versioned<Schema['AccountView']> }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { form, base, before, mine, isDirty, isStale, sides, showConflict, saved, discard, keepMine, takeTheirs } =
    useVersioned(loaded, fieldsOf)
  const [preview, setPreview] = useState<{ value: Changed; wish: Wish }>()
  const whyNot = useWhyNot('update_account')
  const saveButton = useRef<HTMLButtonElement>(null)
  const rows = useRows()
  const wording = useWording()

  const send = async ({ change, version }: Wish, dry_run: boolean) =>
    versioned<Changed>(
      api.PATCH('/api/v1/accounts/{account}', {
        params: { path: { account }, query: { dry_run } },
        body: patchOf(change),
        headers: { 'If-Match': version },
      }),
    )
  const refused = async (error: unknown) => {
    setPreview(undefined)
    if (hasCode(error, 'stale')) showConflict(await queryClient.fetchQuery({ ...accountQuery(account), staleTime: 0 }))
    else showAt(form, error, fieldAt, wording)
  }
  const save = useAct({
    mutationFn: (wish: Wish) => send(wish, false),
    onSuccess: async ({ value, version }, { change }) => {
      const now = { value: value.account, version }
      queryClient.setQueryData(accountQuery(now.value.slug).queryKey, now)
      setPreview(undefined)
      saved(now, change)
      toast.success(t('common.saved'))
      const go = (to: string) =>
        navigate({
          to: '/accounts/$account/settings',
          params: { account: to },
          replace: true,
          ignoreBlocker: true,
        })
      // By its id the account is found under its old and under its new name.
      if (now.value.slug !== account) await go(now.value.id)
      await queryClient.invalidateQueries(myAccountsQuery)
      if (now.value.slug !== account) await go(now.value.slug)
    },
    onError: refused,
  })
  /** First what it does to people; where it does nothing to them, it is saved at once. */
  const look = useAct({
    mutationFn: (wish: Wish) => send(wish, true),
    onSuccess: ({ value }, wish) => (value.effects.length > 0 ? setPreview({ value, wish }) : save.mutate(wish)),
    onError: refused,
  })
  const lookAt = (version: string) => {
    save.reset()
    look.mutate({ change: mine, version })
  }
  const without = (drop: () => void) => () => {
    drop()
    look.reset()
    save.reset()
  }
  const error = look.error ?? save.error
  return (
    <form onSubmit={form.onSubmit(() => lookAt(base.version))}>
      <Sections form={form} seats={base.value.seats} readOnly={whyNot} />
      <div className={classes.bar} data-shown={isDirty || undefined}>
        <div>{!isStale && <Refusal error={unplaced(form, error, fieldAt)} />}</div>
        <Group gap="xs" wrap="nowrap">
          <Button variant="default" disabled={!isDirty} onClick={without(discard)}>
            {t('settings.discard')}
          </Button>
          <WhyNot why={whyNot}>
            <Button
              ref={saveButton}
              type="submit"
              loading={look.isPending || save.isPending}
              disabled={!isDirty && !whyNot}
            >
              {t('common.save')}
            </Button>
          </WhyNot>
        </Group>
      </div>
      <Effects
        effects={preview?.value.effects}
        saving={save.isPending}
        opener={saveButton}
        confirm={() => preview && save.mutate(preview.wish)}
        close={() => setPreview(undefined)}
      />
      <Stale {...sides} rows={rows(before)} keepMine={() => keepMine(lookAt)} takeTheirs={without(takeTheirs)} />
      <UnsavedGuard isDirty={isDirty && !save.isPending} />
    </form>
  )
}
