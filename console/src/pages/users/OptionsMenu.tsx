import { ActionIcon, Menu } from '@mantine/core'
import { IconDots, IconDownload, IconTrash, IconUsers } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { prefix } from '../../lib/place'
import { useAccount, useMay } from '../../parts/session/me'
import { filterOf, parametersOf } from '../../parts/users/filter'
import type { UsersSearch } from '../../parts/users/search'
import type { Go } from './useUsersAddress'

/** What can be done with the list as a whole (U-6, U-36). */
export function OptionsMenu({ search, go }: { search: UsersSearch; go: Go }) {
  const { t } = useTranslation()
  const { slug } = useAccount()
  const may = useMay()
  const address = (format: string) => {
    const query = new URLSearchParams({
      ...parametersOf(filterOf(search)),
      ...(search.sort && { sort: search.sort }),
      format,
    })
    return `${prefix}/api/v1/accounts/${slug}/users/export?${query}`
  }
  const isDeleted = search.tab === 'deleted'
  const maySeeDeleted = may('restore_user')
  if (!maySeeDeleted && !may('export_users')) return null
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label={t('users.options')}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {may('export_users') && (
          <>
            <Menu.Label>{t('users.export')}</Menu.Label>
            {(['csv', 'json'] as const).map((format) => (
              <Menu.Item
                key={format}
                component="a"
                href={address(format)}
                download
                leftSection={<IconDownload size={16} stroke={1.7} aria-hidden />}
              >
                {t(`users.export_${format}`)}
              </Menu.Item>
            ))}
          </>
        )}
        {may('export_users') && maySeeDeleted && <Menu.Divider />}
        {maySeeDeleted && (
          <Menu.Item
            leftSection={
              isDeleted ? (
                <IconUsers size={16} stroke={1.7} aria-hidden />
              ) : (
                <IconTrash size={16} stroke={1.7} aria-hidden />
              )
            }
            onClick={() =>
              go({ tab: isDeleted ? undefined : 'deleted', cursor: undefined, page: undefined, status: undefined })
            }
          >
            {isDeleted ? t('users.hideDeleted') : t('users.showDeleted')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
