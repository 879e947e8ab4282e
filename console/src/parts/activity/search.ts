import { dayIn, startOf, wordIn } from '../../lib/address'

/** What the address of the activity log says: its filters, the page, and the entry that stands open. */
export interface ActivitySearch {
  q?: string | undefined
  action?: string | undefined
  actor?: string | undefined
  target?: string | undefined
  from?: string | undefined
  to?: string | undefined
  cursor?: string | undefined
  /** `newer` where the page was reached from an older one. */
  towards?: string | undefined
  entry?: string | undefined
}

const KEYS = ['q', 'action', 'actor', 'target', 'cursor', 'towards', 'entry'] as const

export function activitySearch(search: Record<string, unknown>): ActivitySearch {
  const words = Object.fromEntries(KEYS.map((key) => [key, wordIn(search[key])]))
  const [from, to] = [dayIn(search.from), dayIn(search.to)]
  // A range that ends before it begins means the same days the other way around.
  return { ...words, ...(from && to && to < from ? { from: to, to: from } : { from, to }) }
}

/** The parameters of the API: a day begins and ends where the person is. */
export function parametersOf({ q, action, actor, target, from, to }: ActivitySearch) {
  const bounds = { from: from && startOf(from).toISOString(), to: to && startOf(to, 1).toISOString() }
  const all = { q, action, actor, target, ...bounds }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value)) as Partial<
    Record<keyof typeof all, string>
  >
}
