import { SimpleGrid, Text } from '@mantine/core'
import { IconBuilding } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { myAccountsQuery } from '../../api/queries'
import { Message } from '../../parts/page/Message'
import { Page } from '../../parts/page/Page'
import { AccountAvatar } from '../../ui/AccountAvatar'
import { CardLink } from '../../ui/links'
import classes from './HubPage.module.css'

/** The accounts of this person, as cards. */
export function HubPage() {
  const { t } = useTranslation()
  const { data: accounts } = useSuspenseQuery(myAccountsQuery)
  return (
    <Page title={t('hub.title')} text={accounts.length > 0 ? t('hub.text', { count: accounts.length }) : ''}>
      {accounts.length === 0 && (
        <Message icon={<IconBuilding />} title={t('hub.emptyTitle')}>
          {t('hub.emptyText')}
        </Message>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} component="ul" className={classes.list}>
        {accounts.map((account) => (
          <li key={account.id}>
            <CardLink to="/accounts/$account" params={{ account: account.slug }} withBorder className={classes.card}>
              <AccountAvatar account={account} size={36} />
              <div className={classes.words}>
                <Text fw={600} truncate>
                  <bdi>{account.name}</bdi>
                </Text>
                <Text size="sm" c="dimmed" truncate>
                  {account.needs_sign_in ? t('hub.needsSignIn') : account.role_name}
                </Text>
              </div>
            </CardLink>
          </li>
        ))}
      </SimpleGrid>
    </Page>
  )
}
