import { Badge, SegmentedControl, Skeleton, Table, Tabs, Text } from '@mantine/core'
import { IconShieldPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../api/client'
import { permissionsQuery, rolesQuery } from '../../api/queries'
import { useFormats } from '../../lib/formats'
import { Message } from '../../parts/page/Message'
import { Page } from '../../parts/page/Page'
import { Refusal } from '../../parts/act/Refusal'
import { AnchorLink, isControl } from '../../ui/links'
import { useAccount } from '../../parts/session/me'
import { Matrix } from './Matrix'
import { RoleDrawer } from './RoleDrawer'
import { holdersOf } from './search'
import classes from './RolesPage.module.css'

type Role = Schema['RoleView']

/** What roles there are, what each holds and who holds them. */
export function RolesPage() {
  const { t } = useTranslation()
  const { slug } = useAccount()
  const search = useSearch({ from: '/signed-in/accounts/$account/roles' })
  const navigate = useNavigate({ from: '/accounts/$account/roles' })
  const roles = useQuery(rolesQuery(slug))
  const permissions = useQuery(permissionsQuery(slug))
  const retry = () => [roles, permissions].filter(({ isError }) => isError).forEach((query) => void query.refetch())
  const [view, setView] = useState('list')
  const tab = search.tab ?? 'predefined'
  const shown = roles.data?.filter(({ kind }) => kind === tab)
  const open = roles.data?.find(({ id }) => id === search.role)
  const count = (kind: string) => roles.data?.filter((role) => role.kind === kind).length
  return (
    <Page title={t('roles.title')} text={t('roles.text')}>
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ search: { tab: value === 'custom' ? 'custom' : undefined } })}
      >
        <div className={classes.bar}>
          <Tabs.List className={classes.tabs}>
            {(['predefined', 'custom'] as const).map((kind) => (
              <Tabs.Tab
                key={kind}
                value={kind}
                rightSection={
                  <Badge size="sm" variant="light" color="gray" c="var(--mantine-color-text)">
                    {count(kind) ?? '…'}
                  </Badge>
                }
              >
                {t(`roles.${kind}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <SegmentedControl
            size="xs"
            value={view}
            onChange={setView}
            aria-label={t('roles.view')}
            data={[
              { value: 'list', label: t('roles.viewList') },
              { value: 'matrix', label: t('roles.viewMatrix') },
            ]}
          />
        </div>
        <Tabs.Panel value={tab} pt="md">
          <Refusal error={roles.error ?? permissions.error} retry={retry} />
          {(roles.isPending || (view === 'matrix' && permissions.isPending)) && <Skeleton h={320} />}
          {shown?.length === 0 && (
            <Message icon={<IconShieldPlus />} title={t('roles.customEmptyTitle')}>
              {t('roles.customEmptyText')}
            </Message>
          )}
          {shown && shown.length > 0 && view === 'list' && (
            <RoleList
              roles={shown}
              account={slug}
              open={(role) => void navigate({ search: (old) => ({ ...old, role }) })}
            />
          )}
          {shown && shown.length > 0 && view === 'matrix' && permissions.data && (
            <Matrix roles={shown} permissions={permissions.data} />
          )}
        </Tabs.Panel>
      </Tabs>
      <RoleDrawer
        role={open}
        permissions={permissions.data ?? []}
        close={() => void navigate({ search: (old) => ({ ...old, role: undefined }) })}
      />
    </Page>
  )
}

interface ListProps {
  roles: Role[]
  account: string
  open: (role: string) => void
}

function RoleList({ roles, account, open }: ListProps) {
  const { t } = useTranslation()
  const formats = useFormats()
  return (
    <Table.ScrollContainer minWidth={280}>
      <Table verticalSpacing="sm" highlightOnHover className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('roles.role')}</Table.Th>
            <Table.Th scope="col" visibleFrom="sm">
              {t('roles.description')}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {t('roles.users')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {roles.map((role) => (
            <Table.Tr
              key={role.id}
              className={classes.row}
              onClick={(event) => {
                if (isControl(event)) return
                // The drawer gives the focus back to where it came from.
                event.currentTarget.querySelector('a')?.focus({ preventScroll: true })
                open(role.id)
              }}
            >
              <Table.Td fw={500}>
                <AnchorLink
                  from="/accounts/$account/roles"
                  to="."
                  search={(old) => ({ ...old, role: role.id })}
                  fw={500}
                  c="inherit"
                >
                  <bdi lang="en">{role.name}</bdi>
                </AnchorLink>
              </Table.Td>
              {/* On a narrow page it stands in the drawer. */}
              <Table.Td visibleFrom="sm">
                <Text size="sm" c="dimmed">
                  <span lang="en">{role.description}</span>
                </Text>
              </Table.Td>
              <Table.Td ta="end">
                {role.users > 0 ? (
                  <AnchorLink
                    to="/accounts/$account/users"
                    params={{ account }}
                    search={holdersOf(role.id)}
                    aria-label={t('roles.showUsers', { count: role.users, role: role.name })}
                  >
                    {formats.number(role.users)}
                  </AnchorLink>
                ) : (
                  <Text span c="dimmed">
                    0
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
