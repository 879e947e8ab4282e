import type { UsersSearch } from './search'
import { CHOICES, INVITATION_STATES, type InvitationState, STATUSES, type Status } from './tabs'

/** The filter as the API has it in the body of a bulk action; query parameters are the same with commas. */
export interface UserFilter {
  q: string
  status: Status[]
  role: string[]
  system: string[]
  group: string[]
  login_method: string[]
  invitation: InvitationState[]
}

const words = (text: string | undefined) => (text ? text.split(',') : [])

export function filterOf(search: UsersSearch): UserFilter {
  const tab = search.tab ?? 'users'
  const wished = words(search.status)
  const chosen = CHOICES[tab].filter((status) => wished.includes(status))
  return {
    q: search.q ?? '',
    status: chosen.length > 0 ? chosen : STATUSES[tab],
    role: words(search.role),
    system: words(search.system),
    group: words(search.group),
    login_method: words(search.login_method),
    invitation:
      tab === 'invitations' ? INVITATION_STATES.filter((state) => words(search.invitation).includes(state)) : [],
  }
}

/** The query parameters of a filter; what does not filter is left out. */
export function parametersOf(filter: UserFilter) {
  const { q, ...lists } = filter
  const filled = Object.entries(lists).filter(([, values]) => values.length > 0)
  return { ...(q && { q }), ...Object.fromEntries(filled.map(([key, values]) => [key, values.join(',')])) } as {
    q?: string
    status?: string
    role?: string
    system?: string
    group?: string
    login_method?: string
    invitation?: string
  }
}

/** Whether somebody narrowed the tab down. */
export const isNarrowed = ({ q, status, role, system, group, login_method, invitation }: UsersSearch) =>
  Boolean(q ?? status ?? role ?? system ?? group ?? login_method ?? invitation)

/** Takes all of that away. */
export const NOT_NARROWED = {
  q: undefined,
  status: undefined,
  role: undefined,
  system: undefined,
  group: undefined,
  login_method: undefined,
  invitation: undefined,
}
