/** Somebody who did something so long ago is not using the page now. */
const WHILE = 60_000
/** What a click asks for itself is sent within this time, and tells of the person, too. */
const OWN_REQUEST = 1_000
const BACKGROUND = 'Portcullis-Background'

// That the page was opened is the first thing that its person did.
let latest = Date.now()
/** When a request last told the server that a person is here. */
let told = latest
let waiting: (() => void)[] = []
const followers = new Set<() => void>()

// `input` is what a person dictates or picks with no key of theirs.
for (const kind of ['pointerdown', 'keydown', 'input', 'wheel', 'touchmove'])
  window.addEventListener(
    kind,
    (event) => {
      if (event.isTrusted) noteInput()
    },
    { capture: true, passive: true },
  )

/** Notes that a person did something. */
export function noteInput() {
  latest = Date.now()
  const toTell = waiting
  waiting = []
  for (const tell of toTell) tell()
  for (const follow of followers) follow()
}

/** Resolves when a person does something with the page. */
export const nextInput = () => new Promise<void>((resolve) => waiting.push(resolve))

/**
 * Calls `tell` when a person did something of which no request has told the server, at most once in `WHILE`: the server counts how
 * long somebody has been idle, and typing and scrolling ask it for nothing (P14). Gives what ends that.
 */
export function followInput(tell: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const follow = () => {
    timer ??= setTimeout(
      () => {
        timer = undefined
        if (latest > told) tell()
      },
      Math.max(told + WHILE - Date.now(), OWN_REQUEST),
    )
  }
  followers.add(follow)
  return () => {
    followers.delete(follow)
    clearTimeout(timer)
  }
}

/**
 * Marks what a page asks by itself (a refresh, another try, what it looks up again when the network is back): it is not
 * a person's input and does not keep them signed in.
 */
export function markUnattended(request: Request) {
  if (request.headers.has(BACKGROUND)) return
  if (request.method === 'GET' && Date.now() - latest > WHILE) request.headers.set(BACKGROUND, '?1')
  else told = Date.now()
}
