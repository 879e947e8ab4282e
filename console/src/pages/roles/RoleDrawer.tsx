import { Group, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type Schema, api, body } from '../../api/client'
import { nameOf } from '../../lib/person'
import { SideDialog } from '../../parts/act/Dialog'
import { Level } from '../../parts/Level'
import { Refusal } from '../../parts/act/Refusal'
import { AnchorLink } from '../../ui/links'
import { useAccount } from '../../parts/session/me'
import { byCategory } from '../../parts/categories'
import { holdersOf } from './search'

interface Props {
  role: Schema['RoleView'] | undefined
  permissions: Schema['PermissionView'][]
  close: () => void
}

/** One role: its permissions by category, and who holds it. */
export function RoleDrawer({ role, permissions, close }: Props) {
  const { t } = useTranslation()
  return (
    <SideDialog opened={role !== undefined} onClose={close} size={460} title={<bdi lang="en">{role?.name}</bdi>}>
      {role && (
        <Stack gap="lg">
          <Text size="sm" c="dimmed">
            <span lang="en">{role.description}</span>
          </Text>
          <Holders role={role} />
          {byCategory(permissions).map(({ category, permissions }) => (
            <section key={category}>
              <Title order={3} mb={4}>
                {t(`roles.${category}`)}
              </Title>
              <Table withRowBorders={false} verticalSpacing={5} horizontalSpacing={0}>
                <Table.Tbody>
                  {permissions.map(({ key, name, description }) => (
                    <Table.Tr key={key}>
                      <Table.Td>
                        <span lang="en">{name}</span>
                        <Text size="xs" c="dimmed">
                          <span lang="en">{description}</span>
                        </Text>
                      </Table.Td>
                      <Table.Td ta="end" w="34%" ps="sm" style={{ verticalAlign: 'top' }}>
                        <Level level={role.levels[key] ?? 'none'} />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </section>
          ))}
        </Stack>
      )}
    </SideDialog>
  )
}

const FIRST = 5

function Holders({ role }: { role: Schema['RoleView'] }) {
  const { t } = useTranslation()
  const { slug: account } = useAccount()
  const holders = useQuery({
    queryKey: [account, 'users', 'of-role', role.id],
    enabled: role.users > 0,
    queryFn: async ({ signal }) =>
      (
        await body(
          api.GET('/api/v1/accounts/{account}/users', {
            params: { path: { account }, query: { role: role.id, limit: FIRST } },
            signal,
          }),
        )
      ).items,
  })
  return (
    <section>
      <Title order={3} mb={6}>
        {t('roles.holders')}
      </Title>
      {role.users === 0 && (
        <Text size="sm" c="dimmed">
          {t('roles.nobody')}
        </Text>
      )}
      {holders.isLoading && <Skeleton h={60} />}
      <Refusal error={holders.error} />
      <Stack gap={4}>
        {holders.data?.map(({ id, name, email }) => (
          <Group key={id} gap={8} wrap="nowrap">
            <AnchorLink size="sm" to="/accounts/$account/users" params={{ account }} search={{ user: id }}>
              <bdi>{nameOf({ name, email })}</bdi>
            </AnchorLink>
            {name && (
              <Text size="xs" c="dimmed" truncate>
                {email}
              </Text>
            )}
          </Group>
        ))}
        {role.users > FIRST && (
          <AnchorLink size="sm" to="/accounts/$account/users" params={{ account }} search={holdersOf(role.id)}>
            {t('roles.allHolders', { count: role.users })}
          </AnchorLink>
        )}
      </Stack>
    </section>
  )
}
