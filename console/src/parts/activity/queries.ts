import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { type Schema, api, body } from '../../api/client'
import { type ActivitySearch, parametersOf } from './search'

export type Event = Schema['EventView']

/** A page of the log; one that is empty though the log goes on has the next as its own next page. */
export const eventsQuery = (account: string, search: ActivitySearch, limit = 50) =>
  infiniteQueryOptions({
    queryKey: [account, 'events', 'page', parametersOf(search), search.cursor, search.towards, limit],
    queryFn: ({ signal, pageParam: cursor }) =>
      body(
        api.GET('/api/v1/accounts/{account}/events', {
          params: { path: { account }, query: { ...parametersOf(search), cursor, limit } },
          signal,
        }),
      ),
    initialPageParam: search.cursor,
    getNextPageParam: ({ items, prev_cursor, next_cursor }, pages) => {
      if (items.length > 0) return undefined
      // From the newest entry it goes back to the older ones.
      const isUpwards = search.towards === 'newer' && pages.every((page) => page.prev_cursor)
      return (isUpwards ? prev_cursor : next_cursor) ?? undefined
    },
  })

export const eventQuery = (account: string, event: string) =>
  queryOptions({
    queryKey: [account, 'events', 'one', event],
    queryFn: ({ signal }) =>
      body(api.GET('/api/v1/accounts/{account}/events/{event}', { params: { path: { account, event } }, signal })),
    staleTime: Infinity,
  })
