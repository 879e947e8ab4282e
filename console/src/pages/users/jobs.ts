import { remembered } from '../../lib/remembered'
import { store } from '../../lib/store'

/** Long work that this browser started, by account: it can be left and is found again. */
const running = store<Record<string, string>>(remembered.get('jobs', {}))

const keep = (next: Record<string, string>) => {
  remembered.set('jobs', next)
  running.set(next)
}

export const jobs = {
  use: (account: string) => running.use()[account],
  start: (account: string, job: string) => keep({ ...running.get(), [account]: job }),
  forget: (account: string) =>
    keep(Object.fromEntries(Object.entries(running.get()).filter(([key]) => key !== account))),
}
