import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useAccount } from '../session/me'
import { eventsQuery } from './queries'
import type { ActivitySearch } from './search'

/** One request looks through so many entries at most. */
const AT_ONCE = 10_000

/**
 * A page of the log. Where nothing of what one request looks through passes the filter, the next older entries are looked
 * through, until something is found, the log ends, or the person says that it is enough.
 */
export function useEvents(search: ActivitySearch, limit?: number) {
  const { slug: account } = useAccount()
  const query = eventsQuery(account, search, limit)
  const events = useInfiniteQuery(query)
  const subject = JSON.stringify(query.queryKey)
  const [stopped, setStopped] = useState('')
  const { hasNextPage, isFetching, error, fetchNextPage } = events
  const goesOn = hasNextPage && !error && stopped !== subject
  useEffect(() => {
    if (goesOn && !isFetching) void fetchNextPage()
  }, [goesOn, isFetching, fetchNextPage])
  const pages = events.data?.pages
  // Until something is found there is nothing to show, and afterwards only the page that has it.
  const isOpen = hasNextPage && !error
  return {
    events,
    page: isOpen ? undefined : pages?.at(-1),
    /** How many entries were looked through in vain, and the way to stop and to go on. */
    search: isOpen && {
      looked: (pages?.length ?? 0) * AT_ONCE,
      isStopped: !goesOn,
      stop: () => setStopped(subject),
      goOn: () => setStopped(''),
    },
  }
}
