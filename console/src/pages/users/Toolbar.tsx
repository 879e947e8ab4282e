import { ActionIcon, Button, Group, Menu } from '@mantine/core'
import { IconColumns3, IconX } from '@tabler/icons-react'
import type { ColumnVisibilityState } from '@tanstack/react-table'
import { useQuery } from '@tanstack/react-query'
import { type RefObject, memo } from 'react'
import { useTranslation } from 'react-i18next'
import { rolesQuery, systemsQuery } from '../../api/queries'
import { SearchField } from '../../parts/list/SearchField'
import { useAccount } from '../../parts/session/me'
import { Facet } from '../../parts/list/Facet'
import { SavedViews } from './SavedViews'
import { useLoginWords } from './columns'
import { COLUMN_IDS } from '../../parts/users/columnIds'
import { NOT_NARROWED, isNarrowed } from '../../parts/users/filter'
import type { UsersSearch } from '../../parts/users/search'
import { CHOICES, INVITATION_STATES } from '../../parts/users/tabs'
import classes from '../../parts/list/Toolbar.module.css'

interface Props {
  search: UsersSearch
  narrow: (change: Partial<UsersSearch>) => void
  visibility: ColumnVisibilityState
  show: (visibility: ColumnVisibilityState) => void
  field: RefObject<HTMLInputElement | null>
}

/** Search, filters and the choice of columns. Everything but the columns is in the address. */
export const Toolbar = memo(function Toolbar({ search, narrow, visibility, show, field }: Props) {
  const { t } = useTranslation()
  const { slug } = useAccount()
  const { data: roles = [] } = useQuery(rolesQuery(slug))
  const { data: systems = [] } = useQuery(systemsQuery(slug))
  const loginWords = useLoginWords()
  const statuses = CHOICES[search.tab ?? 'users']
  const list = (text: string | undefined) => text?.split(',') ?? []
  // A connection of single sign-on stands here as long as the address filters by it.
  const methods = [...new Set(['password', ...list(search.login_method)])]
  const set = (key: keyof UsersSearch) => (values: string[]) => narrow({ [key]: values.join(',') || undefined })
  return (
    <Group gap="xs" my="sm" className={classes.toolbar}>
      <SearchField
        ref={field}
        q={search.q}
        search={(q) => narrow({ q })}
        className={classes.search}
        placeholder={t('users.searchHint')}
        aria-label={t('users.search')}
        aria-keyshortcuts="/"
        maxLength={200}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      {statuses.length > 1 && (
        <Facet
          label={t('users.column_status')}
          chosen={list(search.status)}
          choose={set('status')}
          choices={statuses.map((value) => ({ value, label: t(`users.${value}`) }))}
        />
      )}
      {search.tab === 'invitations' && (
        <Facet
          label={t('users.invitation')}
          chosen={list(search.invitation)}
          choose={set('invitation')}
          choices={INVITATION_STATES.map((value) => ({ value, label: t(`users.invitation_${value}`) }))}
        />
      )}
      <Facet
        label={t('users.column_role')}
        chosen={list(search.role)}
        choose={set('role')}
        choices={roles.map(({ id, name }) => ({ value: id, label: name }))}
      />
      {systems.length > 0 && (
        <Facet
          label={t('users.system')}
          chosen={list(search.system)}
          choose={set('system')}
          choices={systems.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
      <Facet
        label={t('users.column_login_method')}
        chosen={list(search.login_method)}
        choose={set('login_method')}
        choices={methods.map((value) => ({ value, label: loginWords(value) }))}
      />
      {isNarrowed(search) && (
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          className={classes.clear}
          aria-label={t('users.clearFilters')}
          title={t('users.clearFilters')}
          leftSection={<IconX size={14} aria-hidden />}
          onClick={() => narrow(NOT_NARROWED)}
        >
          {t('users.clearFilters')}
        </Button>
      )}
      <Group gap="xs" ms="auto" wrap="nowrap">
        <SavedViews search={search} visibility={visibility} narrow={narrow} show={show} />
        <ColumnChoice visibility={visibility} show={show} />
      </Group>
    </Group>
  )
})

function ColumnChoice({ visibility, show }: Pick<Props, 'visibility' | 'show'>) {
  const { t } = useTranslation()
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={t('users.columns')} title={t('users.columns')}>
          <IconColumns3 size={16} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('users.columns')}</Menu.Label>
        {COLUMN_IDS.filter((id) => id !== 'email').map((id) => (
          <Menu.CheckboxItem
            key={id}
            checked={visibility[id] !== false}
            onChange={(isWanted) => show({ ...visibility, [id]: isWanted })}
          >
            {t(`users.column_${id}`)}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
