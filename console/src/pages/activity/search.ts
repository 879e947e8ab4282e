/** What the address of the activity log says: its filters, the page, and the entry that stands open. */
export interface ActivitySearch {
  q?: string | undefined
  action?: string | undefined
  actor?: string | undefined
  target?: string | undefined
  from?: string | undefined
  to?: string | undefined
  cursor?: string | undefined
  entry?: string | undefined
}

const KEYS = ['q', 'action', 'actor', 'target', 'from', 'to', 'cursor', 'entry'] as const

export function activitySearch(search: Record<string, unknown>): ActivitySearch {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
  return Object.fromEntries(KEYS.map((key) => [key, text(search[key])]))
}

/** The parameters of the API: a day begins and ends where the person is. */
export function parametersOf({ q, action, actor, target, from, to }: ActivitySearch) {
  const start = (day: string) => new Date(`${day}T00:00:00`).toISOString()
  const dayAfter = (day: string) => new Date(new Date(`${day}T00:00:00`).getTime() + 86_400_000).toISOString()
  const all = { q, action, actor, target, from: from && start(from), to: to && dayAfter(to) }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value)) as Partial<
    Record<keyof typeof all, string>
  >
}
