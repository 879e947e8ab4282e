import { Menu, Text, UnstyledButton } from '@mantine/core'
import { IconCheck, IconLayoutGrid, IconSelector } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { myAccountsQuery } from '../../api/queries'
import { AccountAvatar } from '../../ui/AccountAvatar'
import { MenuLink } from '../../ui/links'
import { Mark } from '../../ui/Mark'
import classes from './Shell.module.css'

/** The account one is in, and the way into the others. */
export function AccountSwitcher() {
  const { t } = useTranslation()
  const { account } = useParams({ strict: false })
  const { data: accounts = [] } = useQuery(myAccountsQuery)
  const current = accounts.find(({ slug, id }) => slug === account || id === account)
  return (
    <Menu position="bottom-start" width={260} floatingStrategy="fixed">
      <Menu.Target>
        <UnstyledButton
          className={classes.button}
          aria-label={`${t('shell.switchAccount')}: ${current?.name ?? t('common.product')}`}
        >
          {current ? <AccountAvatar account={current} /> : <Mark size={26} />}
          <span className={classes.words}>
            <Text component="span" fw={600} size="sm">
              <bdi>{current?.name ?? t('common.product')}</bdi>
            </Text>
          </span>
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
        <Menu.Label>{t('shell.switchAccount')}</Menu.Label>
        {accounts.map((account) => (
          <MenuLink
            key={account.id}
            to="/accounts/$account"
            params={{ account: account.slug }}
            leftSection={<AccountAvatar account={account} size={22} />}
            rightSection={account.id === current?.id && <IconCheck size={16} aria-hidden />}
          >
            <bdi>{account.name}</bdi>
            <Text size="xs" c="dimmed">
              <bdi>{account.role_name}</bdi>
            </Text>
          </MenuLink>
        ))}
        <Menu.Divider />
        <MenuLink to="/" leftSection={<IconLayoutGrid size={18} stroke={1.6} aria-hidden />}>
          {t('shell.allAccounts')}
        </MenuLink>
      </Menu.Dropdown>
    </Menu>
  )
}
