import { prefix } from '../lib/place'
import { store } from '../lib/store'

/** Whether the server answers. What is on the screen stays there while it does not. */
export const isAway = store(false)

const FIRST_WAIT = 1_000
const LONGEST_WAIT = 10_000
/** After so long without trouble a server is asked as often as at first; one that comes and goes is asked more and more seldom. */
const CALM = 30_000

let wait = FIRST_WAIT
let foundAt = 0
let isAsking = false
let timer: ReturnType<typeof setTimeout> | undefined

/** Called when a request got no answer: from then on the server is asked until it is there again. */
export function markOffline() {
  if (isAway.get()) return
  if (Date.now() - foundAt > CALM) wait = FIRST_WAIT
  isAway.set(true)
  askLater()
}

export function markOnline() {
  if (!isAway.get()) return
  clearTimeout(timer)
  foundAt = Date.now()
  isAway.set(false)
  waiting.splice(0).forEach((go) => go())
}

const waiting: (() => void)[] = []

/** Resolves when the server answers again. */
export const back = () => (isAway.get() ? new Promise<void>((go) => void waiting.push(go)) : Promise.resolve())

/** Whether the server answers now. */
export const answers = () =>
  fetch(`${prefix}/readyz`, { cache: 'no-store', signal: AbortSignal.timeout(LONGEST_WAIT) }).then(
    (response) => response.ok,
    () => false,
  )

/** Asks at once, for people who do not want to wait. */
export async function askNow() {
  if (isAsking) return
  clearTimeout(timer)
  isAsking = true
  const isThere = await answers()
  isAsking = false
  if (isThere) markOnline()
  else if (isAway.get()) askLater()
}

function askLater() {
  timer = setTimeout(() => void askNow(), wait)
  wait = Math.min(wait * 1.5 + 500, LONGEST_WAIT)
}
