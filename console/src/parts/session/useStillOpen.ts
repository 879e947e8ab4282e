import { useEffect } from 'react'
import { api } from '../../api/client'
import { asking } from '../../api/expired'
import { followInput } from '../../api/presence'
import { stranger } from '../../api/tabs'

/** Shorter than the shortest idle time that an account may choose. */
const PAUSE = 4 * 60_000

const background = { 'Portcullis-Background': '?1' }

/**
 * Tells the server of input that asks it for nothing, which keeps the session alive (P14), and that a page of an account stands
 * open. Whether that does is for the account to choose (SI-3); where the session ended, the page says so without waiting for the
 * next click.
 */
export function useStillOpen(account: string | undefined) {
  useEffect(() => {
    const ask = (headers = {}) =>
      account
        ? api.GET('/api/v1/accounts/{account}/permissions', { params: { path: { account } }, headers })
        : api.GET('/api/v1/me', { headers })
    const tell = (headers?: typeof background) => {
      // Whoever is asked to sign in, or to leave a page that is not theirs, does that now.
      if (asking.get() || stranger.get() !== undefined) return
      // What the answer means for the page was seen to on the way.
      ask(headers).catch(() => undefined)
    }
    const timer = account ? setInterval(() => tell(background), PAUSE) : undefined
    const unfollow = followInput(() => tell())
    return () => {
      clearInterval(timer)
      unfollow()
    }
  }, [account])
}
