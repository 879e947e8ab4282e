import type { ColumnVisibilityState } from '@tanstack/react-table'
import { queryOptions } from '@tanstack/react-query'
import { type Schema, api, body } from '../../api/client'
import { queryClient } from '../../api/queryClient'
import { COLUMN_IDS } from '../../parts/users/columnIds'
import { type UsersSearch, usersSearch } from '../../parts/users/search'

export type SavedView = Schema['SavedViewView']

/** What a view keeps of an address: whom one sees and how, not the page or the person that stands open. */
const KEPT = ['tab', 'q', 'status', 'role', 'system', 'group', 'login_method', 'invitation', 'sort', 'rows'] as const

export const savedViewsQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'views'],
    queryFn: async ({ signal }) =>
      (await body(api.GET('/api/v1/accounts/{account}/views', { params: { path: { account } }, signal }))).items,
  })

const refresh = (account: string) => queryClient.invalidateQueries(savedViewsQuery(account))

export async function saveView(account: string, name: string, query: string) {
  await api.POST('/api/v1/accounts/{account}/views', { params: { path: { account } }, body: { name, query } })
  await refresh(account)
}

export async function deleteView(account: string, view: string) {
  await api.DELETE('/api/v1/accounts/{account}/views/{view}', { params: { path: { account, view } } })
  await refresh(account)
}

/** The query of a view: the list's own parameters, and the columns that are hidden. */
export function queryOf(search: UsersSearch, visibility: ColumnVisibilityState): string {
  const query = new URLSearchParams()
  for (const key of KEPT) if (search[key] !== undefined) query.set(key, String(search[key]))
  const hidden = COLUMN_IDS.filter((id) => visibility[id] === false)
  query.set('hidden', hidden.join(','))
  return query.toString()
}

/** What a saved query says; what this console does not know of it is left out. */
export function viewOf(query: string): { search: UsersSearch; visibility: ColumnVisibilityState } {
  const words = Object.fromEntries(new URLSearchParams(query))
  const hidden = words.hidden?.split(',') ?? []
  const visibility = Object.fromEntries(COLUMN_IDS.filter((id) => hidden.includes(id)).map((id) => [id, false]))
  return { search: usersSearch(words), visibility }
}
