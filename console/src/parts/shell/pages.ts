import { IconChartHistogram, IconHistory, IconSettings, IconShieldHalf, IconUsers } from '@tabler/icons-react'
import { needs } from '../../api/generated/needs'
import { type Levels, type Need, isMet } from '../../api/need'

const PAGES = [
  { key: 'users', to: '/accounts/$account/users', icon: IconUsers, operation: 'list_users' },
  { key: 'roles', to: '/accounts/$account/roles', icon: IconShieldHalf, operation: 'list_roles' },
  { key: 'activity', to: '/accounts/$account/activity', icon: IconHistory, operation: 'list_events' },
  { key: 'insights', to: '/accounts/$account/insights', icon: IconChartHistogram, operation: 'get_figures' },
  { key: 'settings', to: '/accounts/$account/settings', icon: IconSettings, operation: 'get_account' },
] as const

/** The pages of an account that somebody with these levels may use; the others are absent (NAV-5). */
export function pagesFor(levels: Levels) {
  return PAGES.filter(({ operation }) => operation in needs && isMet(needs[operation] as Need, levels))
}
