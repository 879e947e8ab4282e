import { Alert, Button, Group, NativeSelect, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFocusReturn } from '../../lib/useFocusReturn'
import { rolesQuery } from '../../api/queries'
import { once } from '../../lib/once'
import { useAct } from '../../lib/useAct'
import { Dialog } from '../../parts/act/Dialog'
import { ImpactWords } from '../../parts/act/Impact'
import { Refusal } from '../../parts/act/Refusal'
import { ServerWords } from '../../parts/ServerWords'
import { SystemPicker } from '../../parts/form/SystemPicker'
import { toast } from '../../parts/act/toasts'
import { useAccount } from '../../parts/session/me'
import { BulkRows } from './BulkRows'
import { type Unseen, canTakeBack, countUnseen } from './unseen'
import {
  type BulkAction,
  type BulkAnswer,
  type BulkWish,
  isJob,
  previewBulk,
  refreshUsers,
  runBulk,
  undoBulk,
} from './bulk'
import { jobs } from './jobs'
import type { Whom } from './selection'
import { seesOwnPeopleOnly } from './sight'

interface Props {
  action: BulkAction
  whom: Whom
  close: () => void
  done: () => void
}

/** From so many people on, a number has to be typed before they are shut out. */
const WIDE = 20

/** A bulk action: first what it would do, row by row and to whom; then, if that is wanted, doing it. */
export function BulkDialog({ action, whom: first, close, done }: Props) {
  const { t } = useTranslation()
  useFocusReturn(true)
  const { slug: account, levels } = useAccount()
  // Who sees only the people of their own systems may lose sight of them by this.
  const isLimited = seesOwnPeopleOnly(levels)
  const [whom, setWhom] = useState(first)
  const [role_id, setRole] = useState('')
  const [systems, setSystems] = useState<string[]>([])
  const change = {
    action,
    ...(action === 'set_role' && { role_id }),
    ...(/_systems$/.test(action) && { systems }),
  }
  const wish: BulkWish = { ...change, ...whom }
  const isComplete = action === 'set_role' ? role_id !== '' : /_systems$/.test(action) ? systems.length > 0 : true
  const preview = useQuery({
    // No part of what is refreshed when it is done: nobody asks what doing it again would do.
    queryKey: [account, 'preview', wish],
    queryFn: ({ signal }) => previewBulk(account, wish, signal),
    enabled: isComplete,
    staleTime: 0,
    gcTime: 0,
  })
  const shown = preview.data?.rows.filter(({ verdict }) => verdict !== 'refused').map(({ id }) => id) ?? []
  const unseen = useQuery({
    queryKey: [account, 'preview', 'unseen', shown, systems],
    queryFn: () => countUnseen(account, shown, systems),
    enabled: isLimited && action === 'remove_systems' && isComplete && preview.data?.applies === true,
    gcTime: 0,
  })
  const [headers] = useState(once)
  const run = useAct({
    // What was shown is done: whoever fits the filter only since then is left alone.
    mutationFn: ({ rows }: BulkAnswer) => runBulk(account, { ...change, ids: rows.map(({ id }) => id) }, headers),
    onSuccess: async (answer) => {
      close()
      done()
      if (isJob(answer)) return jobs.start(account, answer.id)
      const { undo, changed } = answer
      const isBack = undo.length > 0 && (!isLimited || (await canTakeBack(account, undo)))
      toast.success(t(`bulk.done_${action}`, { count: changed }), {
        of: answer.rows.map(({ id }) => id),
        undo: isBack ? takeBack(undo) : undefined,
        undone: mailed(answer),
      })
    },
    onSettled: () => void refreshUsers(account),
  })
  /** What the undo does not take back. */
  const mailed = ({ impact }: BulkAnswer) => {
    if (action === 'delete' && impact.lose_access_count > 0) return t('bulk.undone_delete')
    return action === 'set_role' ? t('bulk.undone_set_role') : undefined
  }
  const takeBack = (steps: BulkAnswer['undo']) => () =>
    undoBulk(account, steps, headers).finally(() => void refreshUsers(account))
  const dropRefused = (refused: string[]) => {
    const rows = preview.data?.rows.map(({ id }) => id) ?? []
    setWhom({ ids: rows.filter((id) => !refused.includes(id)) })
  }
  return (
    <Dialog opened onClose={close} isBusy={run.isPending} title={t(`bulk.title_${action}`)} size="lg">
      <Stack>
        {action === 'set_role' && <RoleChoice value={role_id} choose={setRole} />}
        {/_systems$/.test(action) && <SystemPicker label={t('users.systems')} value={systems} onChange={setSystems} />}
        {!isComplete && (
          <Text size="sm" c="dimmed">
            {t('bulk.choose')}
          </Text>
        )}
        {isComplete && preview.isPending && (
          <Stack gap="xs" aria-busy aria-label={t('common.loading')} role="status">
            <Skeleton h={18} w="70%" />
            <Skeleton h={14} w="50%" />
            <Skeleton h={80} />
          </Stack>
        )}
        <Refusal error={preview.error} retry={() => void preview.refetch()} />
        {isComplete && preview.data && (
          <Preview
            action={action}
            preview={preview.data}
            unseen={unseen.data}
            isCounting={unseen.isLoading}
            dropRefused={dropRefused}
            isRunning={run.isPending}
            run={run.mutate}
            error={run.error}
            close={close}
          />
        )}
      </Stack>
    </Dialog>
  )
}

function RoleChoice({ value, choose }: { value: string; choose: (role: string) => void }) {
  const { t } = useTranslation()
  const { slug } = useAccount()
  const { data: roles = [] } = useQuery(rolesQuery(slug))
  return (
    <NativeSelect
      label={t('users.column_role')}
      value={value}
      onChange={(event) => choose(event.currentTarget.value)}
      data={[
        { value: '', label: t('bulk.chooseRole'), disabled: true },
        ...roles.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      data-autofocus
    />
  )
}

interface PreviewProps {
  action: BulkAction
  preview: BulkAnswer
  /** How many people the person does not see any more afterwards; `some` where they were too many to look at each. */
  unseen: Unseen | undefined
  isCounting: boolean
  dropRefused: (ids: string[]) => void
  isRunning: boolean
  run: (shown: BulkAnswer) => void
  error: unknown
  close: () => void
}

function Preview({ action, preview, unseen, isCounting, dropRefused, isRunning, run, error, close }: PreviewProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const { changed, unchanged, refused, applies, rows, impact } = preview
  const isSevere = action === 'disable' || action === 'delete'
  const isCounted = isSevere || action === 'resend'
  const isWide = changed >= WIDE && isSevere
  const isReady = applies && changed > 0 && !isCounting && (!isWide || typed.replace(/\D/g, '') === String(changed))
  const refusedRows = rows.filter(({ verdict }) => verdict === 'refused')
  const [first = {}] = refusedRows
  const isOneReason = new Set(refusedRows.map(({ code, detail }) => `${code} ${detail}`)).size === 1
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) run(preview)
      }}
    >
      <Stack>
        {applies ? (
          <>
            <Text fw={500}>{t(`bulk.will_${action}`, { count: changed })}</Text>
            {unchanged > 0 && (
              <Text size="sm" c="dimmed">
                {t('bulk.unchanged', { count: unchanged })}
              </Text>
            )}
            <ImpactWords impact={impact} unseen={unseen === 'some' ? 0 : unseen} />
            {action === 'delete' && impact.lose_access_count > 0 && (
              <Text size="sm">{t('bulk.mails_delete', { count: impact.lose_access_count })}</Text>
            )}
            {action === 'set_role' && changed > 0 && <Text size="sm">{t('bulk.mails_set_role')}</Text>}
            {unseen === 'some' && <Text size="sm">{t('bulk.unseenSome')}</Text>}
          </>
        ) : (
          <Alert
            color="orange"
            variant="light"
            icon={<IconAlertTriangle size={18} aria-hidden />}
            title={t('bulk.refused', { count: refused })}
            role="alert"
          >
            <Text size="sm" c="var(--mantine-color-text)">
              {isOneReason ? <ServerWords of={first} /> : t('bulk.reasons')}
            </Text>
            {refusedRows.length < rows.length && (
              <Button
                mt="xs"
                size="compact-sm"
                variant="default"
                onClick={() => dropRefused(refusedRows.map(({ id }) => id))}
              >
                {t('bulk.drop', { count: rows.length - refusedRows.length })}
              </Button>
            )}
          </Alert>
        )}
        <BulkRows rows={rows} />
        {isWide && applies && (
          <TextInput
            label={t('bulk.type', { number: changed })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            inputMode="numeric"
            autoComplete="off"
          />
        )}
        <Refusal error={error} />
        <Group justify="flex-end">
          <Button variant="default" disabled={isRunning} onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" color={isSevere ? 'red.8' : undefined} disabled={!isReady} loading={isRunning}>
            {isCounted && applies && changed > 0
              ? t(`bulk.confirm_${action}`, { count: changed })
              : t(`bulk.${action}`)}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
