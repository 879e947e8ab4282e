import { IconChartHistogram, IconHistory, IconSettings, IconShieldHalf, IconUsers } from '@tabler/icons-react'
import { needs } from '../../api/generated/needs'
import { type Levels, type Need, isMet } from '../../api/need'

/** The pages of an account; each is called as its own texts call it, `<key>.title`. */
const PAGES = [
  { key: 'users', to: '/accounts/$account/users', icon: IconUsers, operation: 'list_users' },
  {
    key: 'roles',
    to: '/accounts/$account/roles',
    icon: IconShieldHalf,
    operation: 'list_roles',
    // To read the roles takes less, because who invites somebody chooses one.
    also: { scope: 'account', permission: 'manage_roles', level: 'view' },
  },
  { key: 'activity', to: '/accounts/$account/activity', icon: IconHistory, operation: 'list_events' },
  { key: 'insights', to: '/accounts/$account/insights', icon: IconChartHistogram, operation: 'get_statistics' },
  { key: 'settings', to: '/accounts/$account/settings', icon: IconSettings, operation: 'get_account' },
] as const

/** Whether somebody with these levels may open a page of an account; one that is not known here is nobody's to refuse. */
export const mayOpen = (page: string | undefined, levels: Levels) =>
  !PAGES.some(({ key }) => key === page) || pagesFor(levels).some(({ key }) => key === page)

/** The pages of an account that somebody with these levels may use; the others are absent (NAV-5). */
export function pagesFor(levels: Levels) {
  return PAGES.filter(
    (page) =>
      page.operation in needs &&
      isMet(needs[page.operation] as Need, levels) &&
      (!('also' in page) || isMet(page.also, levels)),
  )
}
