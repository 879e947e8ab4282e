import type { components } from './generated/schema'
import { ME, queryClient } from './queryClient'
import type { Refused } from './problem'
import { prefix } from '../lib/place'
import { store } from '../lib/store'
import { leaveFor } from '../lib/typed'
import { onSessionChange, stranger } from './tabs'
import { whyOf } from './why'

type Me = components['schemas']['Me']

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
  if (!wasSignedIn()) return Promise.reject(reason)
  promise ??= new Promise<void>((resolve, reject) => {
    asking.set({ reason, renewed: resolve, given_up: reject })
  }).finally(() => {
    promise = undefined
    asking.set(undefined)
  })
  return promise
}

/** Goes to the sign-in page, which says why, and back here afterwards: where nothing was typed, nothing is lost. */
export function goToSignIn(reason: Refused): Promise<never> {
  const here = window.location.pathname.slice(prefix.length) + window.location.search
  const search = new URLSearchParams({ to: here, why: whyOf(reason.problem.code) })
  return leaveFor(`${prefix}/sign-in?${search}`)
}

/** Whether the person was signed in in this window. */
export const wasSignedIn = () => queryClient.getQueryData(ME) !== undefined

// Another tab signed somebody in or out: this page is still its person's, or is covered, or asks them to sign in again.
onSessionChange(async () => {
  const mine = queryClient.getQueryData<{ value: Me }>(ME)
  if (!mine) return
  const headers = { 'Portcullis-Background': '?1' }
  const answer = await fetch(`${prefix}/api/v1/me`, { headers }).catch(() => undefined)
  const isCovered = stranger.get() !== undefined
  if (answer?.status === 401) {
    if (isCovered) stranger.set('')
    else void queryClient.invalidateQueries({ queryKey: ME, exact: true })
  }
  if (!answer?.ok) return
  const { id, email } = (await answer.json()) as Me
  if (isCovered || id !== mine.value.id) stranger.set(email)
  else asking.get()?.renewed()
})
