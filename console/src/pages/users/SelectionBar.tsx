import { Button, CloseButton, Menu, Text } from '@mantine/core'
import {
  IconDots,
  IconLock,
  IconLockOpen,
  IconMailForward,
  IconRestore,
  IconServer2,
  IconServerOff,
  IconShieldHalf,
  IconTrash,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../lib/formats'
import { useMay } from '../../parts/session/me'
import classes from './SelectionBar.module.css'
import { type BulkAction, NEEDED } from './bulk'
import type { Tab } from '../../parts/users/tabs'
import type { Selection } from './selection'

const ICONS = {
  disable: IconLock,
  enable: IconLockOpen,
  resend: IconMailForward,
  set_role: IconShieldHalf,
  add_systems: IconServer2,
  remove_systems: IconServerOff,
  delete: IconTrash,
  restore: IconRestore,
}

/** What makes sense for whom a tab shows; first the ones that stand in the bar. What the role does not permit is left out. */
const ACTIONS: Record<Tab, BulkAction[]> = {
  users: ['disable', 'set_role', 'add_systems', 'remove_systems', 'resend', 'delete'],
  inactive: ['enable', 'set_role', 'add_systems', 'remove_systems', 'delete'],
  invitations: ['resend', 'set_role', 'add_systems', 'remove_systems', 'delete'],
  deleted: ['restore'],
}
const IN_BAR = 3

interface Props {
  tab: Tab
  selection: Selection
  total: number
  isExact: boolean
  shown: number
  start: (action: BulkAction) => void
}

/** What can be done with the selected people. */
export function SelectionBar({ tab, selection, total, isExact, shown, start }: Props) {
  const { t } = useTranslation()
  const formats = useFormats()
  const may = useMay()
  const count = selection.all ? total : selection.ids.size
  const actions = ACTIONS[tab].filter((action) => may(NEEDED[action]))
  const of = formats.number(total) + (isExact ? '' : '+')
  const words = formats.number(count) + (selection.all && !isExact ? '+' : '')
  return (
    <div className={classes.bar} role="region" aria-label={t('users.selection')}>
      <CloseButton size="sm" onClick={selection.clear} aria-label={t('users.clearSelection')} />
      <Text size="sm" fw={500} role="status">
        {t('users.selected', { count, number: words })}
      </Text>
      {!selection.all && total > shown && selection.ids.size >= shown && (
        <Button size="compact-sm" variant="subtle" onClick={selection.chooseAll}>
          {t('users.selectAll', { number: of })}
        </Button>
      )}
      <span className={classes.gap} />
      {actions.slice(0, IN_BAR).map((action) => {
        const Icon = ICONS[action]
        return (
          <Button
            key={action}
            size="compact-sm"
            variant="default"
            leftSection={<Icon size={15} stroke={1.7} aria-hidden />}
            onClick={() => start(action)}
          >
            {t(`bulk.${action}`)}
          </Button>
        )
      })}
      {actions.length > IN_BAR && (
        <Menu position="top-end">
          <Menu.Target>
            <Button size="compact-sm" variant="default" aria-label={t('common.more')}>
              <IconDots size={16} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {actions.slice(IN_BAR).map((action) => {
              const Icon = ICONS[action]
              return (
                <Menu.Item
                  key={action}
                  leftSection={<Icon size={16} stroke={1.7} aria-hidden />}
                  color={action === 'delete' ? 'var(--mantine-color-error)' : undefined}
                  onClick={() => start(action)}
                >
                  {t(`bulk.${action}`)}
                </Menu.Item>
              )
            })}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  )
}
