import { prefix } from '../lib/place'
import { store } from '../lib/store'

/** Whether the server answers. What is on the screen stays there while it does not. */
export const isAway = store(false)

let timer: ReturnType<typeof setTimeout> | undefined

/** Called when a request got no answer: from then on the server is asked until it is there again. */
export function lost() {
  if (isAway.get()) return
  isAway.set(true)
  ask(1_000)
}

export function found() {
  if (isAway.get()) isAway.set(false)
  clearTimeout(timer)
  waiting.splice(0).forEach((go) => go())
}

const waiting: (() => void)[] = []

/** Resolves when the server answers again. */
export const back = () => (isAway.get() ? new Promise<void>((go) => void waiting.push(go)) : Promise.resolve())

/** Asks at once, for people who do not want to wait. */
export function askNow() {
  clearTimeout(timer)
  ask(0)
}

function ask(wait: number) {
  timer = setTimeout(async () => {
    const isReady = await fetch(`${prefix}/readyz`, { cache: 'no-store' }).then(
      (response) => response.ok,
      () => false,
    )
    if (isReady) found()
    else ask(Math.min(wait * 1.5 + 500, 10_000))
  }, wait)
}
