import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type Schema, api, body, versioned } from './client'
import { ME } from './queryClient'
import { cover } from './tabs'

export const meQuery = queryOptions({
  queryKey: ME,
  queryFn: async ({ signal, client }) => {
    const me = await versioned(api.GET('/api/v1/me', { signal }))
    const before = client.getQueryData<typeof me>(ME)
    return before && before.value.id !== me.value.id ? cover(me.value.email) : me
  },
  staleTime: 60_000,
  // Whoever comes back to the page may have signed in elsewhere as somebody else.
  refetchOnWindowFocus: 'always',
})

export const myAccountsQuery = queryOptions({
  queryKey: ['me', 'accounts'],
  queryFn: async ({ signal }) => (await body(api.GET('/api/v1/me/accounts', { signal }))).items,
  staleTime: 60_000,
})

export const mySessionsQuery = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: async ({ signal }) => (await body(api.GET('/api/v1/me/sessions', { signal }))).items,
})

/** What a new password of the person must be. */
export const passwordRulesQuery = queryOptions({
  queryKey: ['me', 'password'],
  queryFn: ({ signal }) => body(api.GET('/api/v1/me/password', { signal })),
})

export const rolesQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'roles'],
    queryFn: async ({ signal }) =>
      (await body(api.GET('/api/v1/accounts/{account}/roles', { params: { path: { account } }, signal }))).items,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  })

export const permissionsQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'permissions'],
    queryFn: async ({ signal }) =>
      (await body(api.GET('/api/v1/accounts/{account}/permissions', { params: { path: { account } }, signal }))).items,
    staleTime: Infinity,
  })

export const systemsQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'systems'],
    queryFn: async ({ signal }) => {
      const systems: Schema['ListedSystemView'][] = []
      for (let cursor: string | undefined | null; cursor !== null;) {
        const params = { path: { account }, query: { limit: 200, cursor } }
        const page = await body(api.GET('/api/v1/accounts/{account}/systems', { params, signal }))
        systems.push(...page.items)
        cursor = page.next_cursor ?? null
      }
      return systems
    },
    staleTime: 60_000,
  })

export const accountQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'account'],
    queryFn: ({ signal }) =>
      versioned(api.GET('/api/v1/accounts/{account}', { params: { path: { account } }, signal })),
  })
