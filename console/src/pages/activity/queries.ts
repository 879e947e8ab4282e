import { queryOptions } from '@tanstack/react-query'
import { type Schema, api, body } from '../../api/client'
import { type ActivitySearch, parametersOf } from './search'

export type Event = Schema['EventView']

export const eventsQuery = (account: string, search: ActivitySearch, limit = 50) =>
  queryOptions({
    queryKey: [account, 'events', 'page', parametersOf(search), search.cursor, limit],
    queryFn: ({ signal }) =>
      body(
        api.GET('/api/v1/accounts/{account}/events', {
          params: { path: { account }, query: { ...parametersOf(search), cursor: search.cursor, limit } },
          signal,
        }),
      ),
  })

export const eventQuery = (account: string, event: string) =>
  queryOptions({
    queryKey: [account, 'events', 'one', event],
    queryFn: ({ signal }) =>
      body(api.GET('/api/v1/accounts/{account}/events/{event}', { params: { path: { account, event } }, signal })),
    staleTime: Infinity,
  })
