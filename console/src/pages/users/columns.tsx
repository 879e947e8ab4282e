import { HoverCard, Skeleton, Text, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { columnVisibilityFeature, createColumnHelper, tableFeatures } from '@tanstack/react-table'
import { createContext, use, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { nameOf } from '../../lib/person'
import { useAccount } from '../../parts/session/me'
import { When } from '../../parts/When'
import { Avatar } from '../../ui/Avatar'
import { StatusMark } from './StatusMark'
import classes from './UserTable.module.css'
import { type UserRow, userAccessQuery } from './queries'

export const features = tableFeatures({ columnVisibilityFeature })
const helper = createColumnHelper<typeof features, UserRow>()

/** The columns of U-1, U-3 and U-4. */
export const columns = helper.columns([
  helper.display({ id: 'email', cell: ({ row }) => <EmailCell user={row.original} /> }),
  helper.display({ id: 'name', cell: ({ row }) => <Given text={row.original.name} /> }),
  helper.display({ id: 'role', cell: ({ row }) => <Given text={row.original.role.name} /> }),
  helper.display({ id: 'systems', cell: ({ row }) => <SystemsCell user={row.original} /> }),
  helper.display({
    id: 'groups',
    cell: ({ row }) =>
      row.original.group_count || (
        <Text span c="dimmed">
          –
        </Text>
      ),
  }),
  helper.display({ id: 'login_method', cell: ({ row }) => <LoginMethod method={row.original.login_method} /> }),
  helper.display({ id: 'last_login_at', cell: ({ row }) => <When at={row.original.last_login_at} /> }),
  helper.display({ id: 'status', cell: ({ row }) => <StatusMark {...row.original} /> }),
  helper.display({ id: 'created_at', cell: ({ row }) => <When at={row.original.created_at} /> }),
])

function Given({ text }: { text: string | null | undefined }) {
  return text ? (
    <bdi title={text}>{text}</bdi>
  ) : (
    <Text span c="dimmed">
      –
    </Text>
  )
}

/** The way from a row to its person. The router's own links follow every step of the address, each for itself: too dear here. */
export const RowLinks = createContext<{ href: (user: string) => string; open: (user: string) => void }>({
  href: () => '',
  open: () => undefined,
})

function EmailCell({ user }: { user: UserRow }) {
  const { href, open } = use(RowLinks)
  return (
    <span className={classes.person}>
      <Avatar name={nameOf(user)} size={22} />
      <a
        href={href(user.id)}
        onClick={(event) => {
          if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
          event.preventDefault()
          open(user.id)
        }}
        className={classes.email}
        data-open
        title={user.email}
      >
        {user.email}
      </a>
    </span>
  )
}

const FIRST = 2

function SystemsCell({ user }: { user: UserRow }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  if (user.all_systems) return <span>{t('users.allSystems')}</span>
  const first = user.systems.slice(0, FIRST).map(({ name }) => name)
  const more = user.system_count - first.length
  if (first.length === 0)
    return (
      <Text span c="dimmed">
        –
      </Text>
    )
  return (
    <span className={classes.systems}>
      <bdi className={classes.cut}>{first.join(', ')}</bdi>
      {more > 0 && (
        <HoverCard width={260} openDelay={150} shadow="md" withinPortal onOpen={() => setOpen(true)}>
          <HoverCard.Target>
            <UnstyledButton className={classes.more} aria-label={t('users.moreSystems', { count: more })}>
              +{more}
            </UnstyledButton>
          </HoverCard.Target>
          <HoverCard.Dropdown>{isOpen && <SystemList user={user} />}</HoverCard.Dropdown>
        </HoverCard>
      )}
    </span>
  )
}

/** All systems of a user: the row has the first of them only. */
function SystemList({ user }: { user: UserRow }) {
  const { slug } = useAccount()
  const isWhole = user.systems.length === user.system_count
  const { data } = useQuery({ ...userAccessQuery(slug, user.id), enabled: !isWhole })
  const systems = data?.systems.filter(({ holds }) => holds) ?? user.systems
  return (
    <ul className={classes.plain}>
      {systems.map(({ id, name }) => (
        <li key={id}>
          <bdi>{name}</bdi>
        </li>
      ))}
      {!isWhole && !data && <Skeleton h={14} mt={6} />}
    </ul>
  )
}

/** How somebody signs in, in words. */
export function useLoginWords() {
  const { t } = useTranslation()
  return (method: string) =>
    method === 'password' ? t('users.password') : t('users.sso', { connection: method.replace(/^sso:/, '') })
}

export function LoginMethod({ method }: { method: string }) {
  return useLoginWords()(method)
}
