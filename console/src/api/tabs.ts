import { prefix } from '../lib/place'
import { store } from '../lib/store'

/**
 * The address of whoever is signed in now, once that was somebody else than the person of this page: it is covered then, and stays so.
 * Empty where nobody is any more.
 */
export const stranger = store<string | undefined>(undefined)

/** What begins or ends a session, or may: `GET` asks only. */
const CHANGES = /\/api\/v1\/(sign-in\/password|sign-out|setup|activations|password-resets|me\/(sessions|password))/

const channel = new BroadcastChannel(`portcullis${prefix}`)

/** Tells the other tabs of this browser that they may have another person now. */
export function tellTabs({ method, url }: Request) {
  if (method !== 'GET' && CHANGES.test(url)) channel.postMessage('session')
}

let look: Promise<unknown> = Promise.resolve()

/** Calls `check` when another tab changed the session; until that is answered nothing is sent from here. Gives what ends that. */
export function onSessionChange(check: () => Promise<unknown>) {
  const heard = () => {
    look = look.then(check)
  }
  channel.addEventListener('message', heard)
  return () => channel.removeEventListener('message', heard)
}

const never = () => new Promise<never>(() => undefined)

/** Resolves when it is known that this page still has its person; never where it has not. */
export async function samePerson(): Promise<unknown> {
  await look
  return stranger.get() === undefined ? undefined : never()
}

/** Covers the page: somebody else is signed in now. */
export function cover(email: string): Promise<never> {
  stranger.set(email)
  return never()
}
