import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { type Schema, api, body, versioned } from '../../api/client'
import type { Order } from '../../parts/users/columnIds'
import { type UserFilter, parametersOf } from '../../parts/users/filter'

export type UserRow = Schema['ListedUserView']
export type User = Schema['UserView']

interface Wanted {
  account: string
  filter: UserFilter
  sort: Order | undefined
}

const load = (
  { account, filter, sort }: Wanted,
  page: { limit: number; cursor?: string | undefined },
  signal: AbortSignal,
) =>
  body(
    api.GET('/api/v1/accounts/{account}/users', {
      params: { path: { account }, query: { ...parametersOf(filter), sort, ...page } },
      signal,
    }),
  )

/** One page of the list. */
export const userPageQuery = (wanted: Wanted, limit: number, cursor: string | undefined) =>
  queryOptions({
    queryKey: [wanted.account, 'users', 'page', wanted.filter, wanted.sort, limit, cursor],
    queryFn: ({ signal }) => load(wanted, { limit, cursor }, signal),
  })

/** The list as one, loaded while one scrolls. */
export const userScrollQuery = (wanted: Wanted) =>
  infiniteQueryOptions({
    queryKey: [wanted.account, 'users', 'scroll', wanted.filter, wanted.sort],
    queryFn: ({ signal, pageParam }) => load(wanted, { limit: 200, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** How many users each status has: what the tabs count. */
export const userCountsQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'users', 'counts'],
    queryFn: ({ signal }) =>
      body(api.GET('/api/v1/accounts/{account}/users/counts', { params: { path: { account } }, signal })),
  })

export const userQuery = (account: string, user: string) =>
  queryOptions({
    queryKey: [account, 'users', 'one', user],
    queryFn: ({ signal }) =>
      versioned(api.GET('/api/v1/accounts/{account}/users/{user}', { params: { path: { account, user } }, signal })),
  })

export const userAccessQuery = (account: string, user: string) =>
  queryOptions({
    queryKey: [account, 'users', 'access', user],
    queryFn: ({ signal }) =>
      body(api.GET('/api/v1/accounts/{account}/users/{user}/access', { params: { path: { account, user } }, signal })),
  })

/** The latest mail of this account to somebody; asked again until it is known what becomes of it. */
export const latestMailQuery = (account: string, recipient: string) =>
  queryOptions({
    queryKey: [account, 'users', 'mail', recipient],
    queryFn: async ({ signal }) => {
      const params = { path: { account }, query: { recipient, limit: 1 } }
      // A refresh of its own does not count as a person's input.
      const headers = { 'Portcullis-Background': '?1' }
      return (await body(api.GET('/api/v1/accounts/{account}/emails', { params, headers, signal }))).items.at(0) ?? null
    },
    refetchInterval: ({ state }) => state.data?.state === 'pending' && 3_000,
  })

export const userSessionsQuery = (account: string, user: string) =>
  queryOptions({
    queryKey: [account, 'users', 'sessions', user],
    queryFn: async ({ signal }) =>
      (
        await body(
          api.GET('/api/v1/accounts/{account}/users/{user}/sessions', { params: { path: { account, user } }, signal }),
        )
      ).items,
  })
