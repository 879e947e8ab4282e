import { wordIn } from '../../lib/address'
import { type Order, orderIn } from './columnIds'
import { CHOICES, INVITATION_STATES, TABS, type Tab } from './tabs'

/** What the address of the users page says: everything one sees there, so that it can be shared and reloaded. */
export interface UsersSearch {
  tab?: Tab | undefined
  q?: string | undefined
  status?: string | undefined
  role?: string | undefined
  system?: string | undefined
  group?: string | undefined
  login_method?: string | undefined
  invitation?: string | undefined
  sort?: Order | undefined
  rows?: number | undefined
  page?: number | undefined
  cursor?: string | undefined
  user?: string | undefined
  part?: string | undefined
  invite?: true | undefined
}

/** Rows on a page; `0` shows all of them as one long list. */
export const ROWS = [10, 25, 50, 100, 0] as const

/** Those words of a list that filter here; others would stand in the address and do nothing. */
function onlyOf(known: readonly string[], value: unknown): string | undefined {
  const words = wordIn(value)?.split(',') ?? []
  return words.filter((word) => known.includes(word)).join(',') || undefined
}

export function usersSearch(search: Record<string, unknown>): UsersSearch {
  const tab = TABS.find((known) => known === search.tab && known !== 'users')
  const rows = ROWS.find((known) => known === Number(search.rows) && search.rows !== undefined && known !== 10)
  const page = Number(search.page) > 1 ? Math.floor(Number(search.page)) : undefined
  return {
    tab,
    q: wordIn(search.q),
    status: onlyOf(CHOICES[tab ?? 'users'], search.status),
    role: wordIn(search.role),
    system: wordIn(search.system),
    group: wordIn(search.group),
    login_method: wordIn(search.login_method),
    invitation: tab === 'invitations' ? onlyOf(INVITATION_STATES, search.invitation) : undefined,
    sort: orderIn(wordIn(search.sort)),
    rows,
    page: wordIn(search.cursor) ? page : undefined,
    cursor: wordIn(search.cursor),
    user: wordIn(search.user),
    part: wordIn(search.part),
    invite: search.invite === true || search.invite === 'true' ? true : undefined,
  }
}
