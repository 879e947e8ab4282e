import { Group, Skeleton, Stack, Tabs, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { nameOf } from '../../../lib/person'
import { SideDialog } from '../../../parts/act/Dialog'
import { Refusal } from '../../../parts/act/Refusal'
import { useAccount, useMay } from '../../../parts/session/me'
import { Avatar } from '../../../ui/Avatar'
import { StatusMark } from '../StatusMark'
import { userQuery } from '../queries'
import type { Go } from '../useUsersAddress'
import { AccessPart } from './AccessPart'
import { ActionsMenu } from './ActionsMenu'
import { ActivityPart } from './ActivityPart'
import { DeadInvitation } from './DeadInvitation'
import { ProfilePart } from './ProfilePart'
import { SessionsPart } from './SessionsPart'

const PARTS = ['profile', 'access', 'sessions', 'activity'] as const

/** One user: profile, access explained, sessions, activity, and what can be done. */
export function UserDrawer({ user, part, go }: { user: string | undefined; part: string | undefined; go: Go }) {
  const { t } = useTranslation()
  const close = () => go({ user: undefined, part: undefined })
  // The person stays in sight while the drawer moves out.
  const [last, setLast] = useState(user)
  if (user && user !== last) setLast(user)
  useFocusBack(user)
  return (
    <SideDialog opened={user !== undefined} onClose={close} size={560} title={t('user.title')}>
      {last && <Content key={last} user={last} part={part} go={go} />}
    </SideDialog>
  )
}

/** The drawer is gone by then. */
const MOVING_OUT = 180

/**
 * The focus returns to the row that the drawer was opened from. Whoever presses a key while the drawer moves out goes on from
 * that row at once, and whoever clicks or opens somebody else keeps the focus that this gives.
 */
function useFocusBack(user: string | undefined) {
  const before = useRef(user)
  useEffect(() => {
    const closed = before.current
    before.current = user
    if (!closed || user) return
    const link = `[data-row="${CSS.escape(closed)}"] [data-open]`
    // Whoever was disabled or deleted may have left the list.
    const goBack = () => {
      stop()
      document.querySelector<HTMLElement>(`${link}, #content:not(:has(${link}))`)?.focus()
    }
    const timer = setTimeout(goBack, MOVING_OUT)
    const stop = () => {
      clearTimeout(timer)
      document.removeEventListener('keydown', goBack, true)
      document.removeEventListener('pointerdown', stop, true)
    }
    document.addEventListener('keydown', goBack, true)
    document.addEventListener('pointerdown', stop, true)
    return stop
  }, [user])
}

function Content({ user, part, go }: { user: string; part: string | undefined; go: Go }) {
  const { t } = useTranslation()
  const { slug } = useAccount()
  const may = useMay()
  const found = useQuery(userQuery(slug, user))
  // Nothing of theirs is asked for again, and “back” does not lead here either.
  const gone = () => go({ user: undefined, part: undefined }, true)
  if (found.isPending) {
    return (
      <Stack aria-busy role="status" aria-label={t('common.loading')}>
        <Skeleton h={44} />
        <Skeleton h={34} />
        <Skeleton h={220} />
      </Stack>
    )
  }
  if (found.isError) return <Refusal error={found.error} retry={() => void found.refetch()} />
  const { name, email, status, invitation } = found.data.value
  const parts = PARTS.filter(
    (known) =>
      (known !== 'sessions' || may('list_user_sessions')) &&
      (known !== 'access' || may('get_user_access')) &&
      (known !== 'activity' || may('list_events')),
  )
  const shown = parts.find((known) => known === part) ?? 'profile'
  return (
    <>
      <Group wrap="nowrap" align="start" mb="md">
        <Avatar name={nameOf(found.data.value)} size={40} />
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text fw={600} size="lg" className="given" lineClamp={2}>
            <bdi>{nameOf(found.data.value)}</bdi>
          </Text>
          {name && (
            <Text size="sm" c="dimmed" className="given">
              {email}
            </Text>
          )}
          <Text size="sm" component="div" mt={4}>
            <StatusMark status={status} invitation={invitation?.state} />
          </Text>
        </div>
        <ActionsMenu user={found.data.value} gone={gone} />
      </Group>
      <DeadInvitation user={found.data.value} />
      <Tabs
        value={shown}
        onChange={(value) => go({ part: value === 'profile' ? undefined : (value ?? undefined) })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {parts.map((known) => (
            <Tabs.Tab key={known} value={known}>
              {t(`user.part_${known}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="profile">
          <ProfilePart loaded={found.data} focus={part === 'edit'} gone={gone} />
        </Tabs.Panel>
        <Tabs.Panel value="access">
          <AccessPart user={user} />
        </Tabs.Panel>
        <Tabs.Panel value="sessions">
          <SessionsPart user={user} />
        </Tabs.Panel>
        <Tabs.Panel value="activity">
          <ActivityPart user={user} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
