/** Somebody who did something so long ago is not using the page now. */
const WHILE = 60_000

// That the page was opened is the first thing that its person did.
let latest = Date.now()
let waiting: (() => void)[] = []

for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchmove'])
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
  const told = waiting
  waiting = []
  for (const tell of told) tell()
}

/** Resolves when a person does something with the page. */
export const nextInput = () => new Promise<void>((resolve) => waiting.push(resolve))

/**
 * Marks what a page asks by itself (a refresh, another try, what it looks up again when the network is back): it is not
 * a person's input and does not keep them signed in.
 */
export function markUnattended(request: Request) {
  if (request.method === 'GET' && Date.now() - latest > WHILE) request.headers.set('Portcullis-Background', '?1')
}
