import { queryClient } from '../api/queries'
import type { Refused } from '../api/problem'
import { store } from '../lib/store'

/** The sign-in that is asked for in place: why, and whom to tell that it is over. */
interface Asking {
  reason: Refused
  renewed: () => void
  given_up: (reason: Refused) => void
}

export const asking = store<Asking | undefined>(undefined)

let promise: Promise<void> | undefined

/**
 * Resolves when the person has signed in again, so that the request can be repeated and nothing that was typed is lost.
 * Rejects for people who were not signed in in this window: they go to the sign-in page.
 */
export function askToSignIn(reason: Refused): Promise<void> {
  if (queryClient.getQueryData(['me']) === undefined) return Promise.reject(reason)
  promise ??= new Promise<void>((resolve, reject) => {
    asking.set({ reason, renewed: resolve, given_up: reject })
  }).finally(() => {
    promise = undefined
    asking.set(undefined)
  })
  return promise
}
