import { Button, Group, Menu, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { IconDownload, IconHistory, IconShieldCheck, IconX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, body } from '../../api/client'
import { useFormats } from '../../lib/formats'
import { prefix } from '../../lib/place'
import { useKept } from '../../lib/useKept'
import { useTyped } from '../../lib/useTyped'
import { Message } from '../../parts/page/Message'
import { Page } from '../../parts/page/Page'
import { Refusal } from '../../parts/act/Refusal'
import { SearchField } from '../../parts/list/SearchField'
import { toast } from '../../parts/act/toasts'
import { useAccount, useMay } from '../../parts/session/me'
import { Facet } from '../../parts/list/Facet'
import classes from '../../parts/list/Toolbar.module.css'
import { EventDrawer } from './EventDrawer'
import { EventList } from '../../parts/activity/EventList'
import { VerificationResult } from './VerificationResult'
import { Further } from '../../parts/activity/Further'
import type { Event } from '../../parts/activity/queries'
import { type ActivitySearch, parametersOf } from '../../parts/activity/search'
import { seesWholeLog } from './sight'
import { useEvents } from '../../parts/activity/useEvents'
import { ACTIONS, useActionWords, useTargetName } from '../../parts/activity/words'

/** Everything that happened, with before and after, and the proof that nothing of it was altered. */
export function ActivityPage() {
  const { t } = useTranslation()
  const { slug: account, levels } = useAccount()
  const may = useMay()
  const search = useSearch({ from: '/signed-in/accounts/$account/activity' })
  const navigate = useNavigate({ from: '/accounts/$account/activity' })
  const { events: query, page, search: further } = useEvents(search)
  const verify = useMutation({
    mutationFn: () => body(api.GET('/api/v1/accounts/{account}/events/verify', { params: { path: { account } } })),
    onError: toast.error,
  })
  const narrow = (change: Partial<ActivitySearch>) =>
    void navigate({
      search: (old) => ({ ...old, ...change, cursor: undefined, towards: undefined }),
      replace: 'q' in change,
    })
  const kept = useKept(page, account)
  const data = further ? undefined : kept
  return (
    <Page
      title={t('activity.title')}
      text={t(seesWholeLog(levels) ? 'activity.text' : 'activity.textOwn')}
      actions={
        may('verify_events') && (
          <>
            <ExportMenu account={account} search={search} />
            <Button
              variant="default"
              leftSection={<IconShieldCheck size={16} aria-hidden />}
              loading={verify.isPending}
              onClick={() => verify.mutate()}
            >
              {t('activity.verify')}
            </Button>
          </>
        )
      }
    >
      {verify.data && <VerificationResult found={verify.data} close={verify.reset} />}
      <Filters key={account} search={search} narrow={narrow} events={data?.items ?? []} />
      <Refusal error={query.error} retry={() => void query.refetch()} />
      {further && <Further {...further} />}
      {!data && query.isPending && (
        <Stack gap="sm" aria-busy role="status" aria-label={t('common.loading')}>
          {Array.from({ length: 12 }, (_, row) => (
            <Skeleton key={row} h={24} />
          ))}
        </Stack>
      )}
      {data?.items.length === 0 && !data.next_cursor && (
        <Message icon={<IconHistory />} title={t('activity.emptyTitle')}>
          {t('activity.emptyText')}
        </Message>
      )}
      {data && data.items.length > 0 && <EventList events={data.items} opened={search.entry} />}
      {data && (data.items.length > 0 || data.prev_cursor) && (
        <Turn
          // Of older entries only the latest were counted.
          total={Math.max(data.total, data.items.length)}
          isExact={data.total_is_exact}
          previous={data.prev_cursor}
          next={data.next_cursor}
          go={(cursor, towards) => void navigate({ search: (old) => ({ ...old, cursor, towards }) })}
        />
      )}
      <EventDrawer
        entry={search.entry}
        close={() => void navigate({ search: (old) => ({ ...old, entry: undefined }) })}
      />
    </Page>
  )
}

function ExportMenu({ account, search }: { account: string; search: ActivitySearch }) {
  const { t } = useTranslation()
  const address = `${prefix}/api/v1/accounts/${account}/events/export?`
  // Lines that are to be verified are always all of them.
  const asked = {
    csv: new URLSearchParams({ ...parametersOf(search), format: 'csv' }),
    jsonl: new URLSearchParams({ format: 'jsonl' }),
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          {t('activity.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(['csv', 'jsonl'] as const).map((format) => (
          <Menu.Item key={format} component="a" href={`${address}${asked[format]}`} download>
            {t(`activity.export_${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

interface FiltersProps {
  search: ActivitySearch
  narrow: (change: Partial<ActivitySearch>) => void
  events: Event[]
}

function Filters({ search, narrow, events }: FiltersProps) {
  const { t } = useTranslation()
  const words = useActionWords()
  const nameIn = useNameIn(events)
  const { q, action, actor, target, from, to } = search
  return (
    <Group gap="xs" mb="sm" className={classes.toolbar}>
      <SearchField
        q={q}
        search={(next) => narrow({ q: next })}
        className={classes.search}
        placeholder={t('activity.searchHint')}
        aria-label={t('activity.search')}
      />
      <Facet
        label={t('activity.what')}
        chosen={action?.split(',') ?? []}
        choose={(values) => narrow({ action: values.join(',') || undefined })}
        choices={ACTIONS.map((value) => ({ value, label: words(value) }))}
      />
      <DayField label={t('activity.from')} day={from} max={to} choose={(day) => narrow({ from: day })} />
      <DayField label={t('activity.to')} day={to} min={from} choose={(day) => narrow({ to: day })} />
      {actor && <Chip label={t('activity.who')} name={nameIn(actor)} remove={() => narrow({ actor: undefined })} />}
      {target && <Chip label={t('activity.whom')} name={nameIn(target)} remove={() => narrow({ target: undefined })} />}
      {(q ?? action ?? actor ?? target ?? from ?? to) && (
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          className={classes.clear}
          aria-label={t('users.clearFilters')}
          title={t('users.clearFilters')}
          leftSection={<IconX size={14} aria-hidden />}
          onClick={() =>
            narrow({
              q: undefined,
              action: undefined,
              actor: undefined,
              target: undefined,
              from: undefined,
              to: undefined,
            })
          }
        >
          {t('users.clearFilters')}
        </Button>
      )}
    </Group>
  )
}

/** Without it a browser takes years of six digits. */
const LAST_DAY = '9999-12-31'

interface DayFieldProps {
  label: string
  day: string | undefined
  min?: string | undefined
  max?: string | undefined
  choose: (day: string | undefined) => void
}

/** A day, typed or chosen. One beyond the other end of the range is not searched for, and says why. */
function DayField({ label, day = '', min = '', max = LAST_DAY, choose }: DayFieldProps) {
  const { t } = useTranslation()
  const isBeyond = (next: string) => next !== '' && (next < min || next > max)
  const [text, type] = useTyped(
    day,
    (next) => {
      if (!isBeyond(next)) choose(next || undefined)
    },
    400,
  )
  return (
    <TextInput
      size="xs"
      type="date"
      className={classes.day}
      classNames={{ error: classes.dayError }}
      aria-label={label}
      title={label}
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
      min={min}
      max={max}
      error={isBeyond(text) && t('activity.toBeforeFrom')}
    />
  )
}

/** A filter that is set elsewhere, as by a link to what somebody did, and can only be taken away here. */
function Chip({ label, name, remove }: { label: string; name: string; remove: () => void }) {
  const { t } = useTranslation()
  return (
    <Button
      size="xs"
      variant="light"
      maw={320}
      rightSection={<IconX size={14} aria-hidden />}
      onClick={remove}
      aria-label={`${label}: ${name}. ${t('activity.removeFilter')}`}
      title={t('activity.removeFilter')}
    >
      {label}: <bdi>{name}</bdi>
    </Button>
  )
}

/** What the entries themselves call somebody or something. */
function useNameIn(events: Event[]) {
  const nameOf = useTargetName()
  return (id: string) => {
    const actor = events.map((event) => event.actor).find((one) => one.id === id)
    const target = events.flatMap(({ targets }) => targets).find((one) => one.id === id)
    return actor?.label || (target ? nameOf(target) : id)
  }
}

interface StepProps {
  to: string | null | undefined
  go: (cursor: string) => void
  label: string
}

/** One that leads nowhere keeps the focus: whoever turns to the last page by keyboard stays where they are. */
function Step({ to, go, label }: StepProps) {
  return (
    <Button
      size="xs"
      variant="default"
      aria-disabled={!to}
      data-disabled={!to || undefined}
      onClick={() => to && go(to)}
    >
      {label}
    </Button>
  )
}

interface TurnProps {
  total: number
  isExact: boolean
  previous: string | null | undefined
  next: string | null | undefined
  go: (cursor: string, towards?: 'newer') => void
}

function Turn({ total, isExact, previous, next, go }: TurnProps) {
  const { t } = useTranslation()
  const formats = useFormats()
  return (
    <Group justify="space-between" mt="sm">
      <Text size="sm" c="dimmed" role="status">
        {t(isExact ? 'activity.total' : 'activity.totalAtLeast', { count: total, number: formats.number(total) })}
      </Text>
      <Group gap="xs">
        <Step to={previous} go={(cursor) => go(cursor, 'newer')} label={t('activity.newer')} />
        <Step to={next} go={go} label={t('activity.older')} />
      </Group>
    </Group>
  )
}
