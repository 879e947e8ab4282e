import { useEffect } from 'react'
import { api } from '../../api/client'

/** Shorter than the shortest idle time that an account may choose. */
const PAUSE = 4 * 60_000

/**
 * Tells the server that a page stands open. Whether that keeps the session alive is for the account to choose (SI-3); where
 * it ended, the page says so without waiting for the next click.
 */
export function useStillOpen(account: string | undefined) {
  useEffect(() => {
    if (!account) return
    const tell = () =>
      api
        .GET('/api/v1/accounts/{account}/permissions', {
          params: { path: { account } },
          headers: { 'Portcullis-Background': '?1' },
        })
        // What it means for the page was seen to on the way.
        .catch(() => undefined)
    const timer = setInterval(() => void tell(), PAUSE)
    return () => clearInterval(timer)
  }, [account])
}
