import { Badge, Button, Tabs } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { lazyPart } from '../../api/fetched'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../lib/formats'
import { DeadInvitations } from '../../parts/DeadInvitations'
import { Page } from '../../parts/page/Page'
import { useAccount, useMay } from '../../parts/session/me'
import { OptionsMenu } from './OptionsMenu'
import { SeatNotice } from './SeatNotice'
import { UserList } from './UserList'
import { jobs } from './jobs'
import { userCountsQuery } from './queries'
import { DEAD_INVITATIONS, STATUSES, type Tab, TABS } from '../../parts/users/tabs'
import { useListKeys } from './useListKeys'
import { useUsersAddress } from './useUsersAddress'
import classes from './UsersPage.module.css'

const InviteDialog = lazyPart(() => import('./invite/InviteDialog'), 'InviteDialog')
const JobNotice = lazyPart(() => import('./JobNotice'), 'JobNotice')
const UserDrawer = lazyPart(() => import('./user/UserDrawer'), 'UserDrawer')

/** The people of an account. */
export function UsersPage() {
  const { t } = useTranslation()
  const formats = useFormats()
  const { slug } = useAccount()
  const { search, go, narrow } = useUsersAddress()
  const job = jobs.use(slug)
  const counts = useQuery(userCountsQuery(slug))
  const may = useMay()
  const mayInvite = may('invite_users')
  const field = useRef<HTMLInputElement>(null)
  const [wasInviting, setWasInviting] = useState(false)
  const tab = search.tab ?? 'users'
  const tabs = useRef<HTMLDivElement>(null)
  // On a narrow page it may lie beyond the edge.
  useEffect(() => {
    tabs.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [tab])
  const invite = useCallback(() => {
    setWasInviting(true)
    go({ invite: true })
  }, [go])
  useListKeys({ field, go, invite: mayInvite ? invite : undefined })

  const dead = counts.data?.dead_invitations ?? 0
  const count = (of: Tab) => {
    const { by_status, is_exact } = counts.data ?? {}
    if (!by_status) return '…'
    return (
      formats.number(STATUSES[of].reduce((sum, status) => sum + (by_status[status] ?? 0), 0)) + (is_exact ? '' : '+')
    )
  }
  return (
    <Page
      title={t('users.title')}
      // Said once, instead of at every control that is not there.
      {...(!mayInvite && { text: t(may('bulk_update_users') ? 'users.mayAssign' : 'users.mayLook') })}
      actions={
        <>
          <OptionsMenu search={search} go={go} />
          {mayInvite && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={invite} aria-keyshortcuts="i">
              {t('users.invite')}
            </Button>
          )}
        </>
      }
    >
      <SeatNotice seats={counts.data?.seats ?? undefined} />
      {tab === 'invitations' && dead > 0 && (
        <DeadInvitations
          action={
            <Button size="compact-sm" variant="subtle" onClick={() => narrow({ invitation: DEAD_INVITATIONS })}>
              {t('users.showDeadInvitations')}
            </Button>
          }
        >
          {t('users.deadInvitations', { count: dead })}
        </DeadInvitations>
      )}
      <Suspense>{job && <JobNotice key={job} account={slug} id={job} />}</Suspense>
      <Tabs
        value={tab}
        onChange={(value) =>
          narrow({
            tab: TABS.find((known) => known === value && known !== 'users'),
            status: undefined,
            invitation: undefined,
          })
        }
      >
        <Tabs.List ref={tabs} className={classes.tabs}>
          {TABS.filter((known) => known !== 'deleted' || tab === 'deleted').map((known) => (
            <Tabs.Tab key={known} value={known} rightSection={<Count>{count(known)}</Count>}>
              {t(`users.tab_${known}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab}>
          <UserList key={tab} tab={tab} field={field} invite={mayInvite ? invite : undefined} />
        </Tabs.Panel>
      </Tabs>
      <Suspense>
        {mayInvite && (search.invite || wasInviting) && (
          <InviteDialog isOpen={search.invite === true} close={() => go({ invite: undefined })} />
        )}
        <UserDrawer user={search.user} part={search.part} go={go} />
      </Suspense>
    </Page>
  )
}

function Count({ children }: { children: string }) {
  return (
    <Badge
      size="sm"
      variant="light"
      color="gray"
      c="var(--mantine-color-text)"
      style={{ flex: 'none', fontVariantNumeric: 'tabular-nums' }}
    >
      {children}
    </Badge>
  )
}
