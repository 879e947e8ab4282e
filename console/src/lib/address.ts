/** A word of the address; the router makes a number of what looks like one. */
export function wordIn(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text !== '' ? text : undefined
}

/** A calendar day of the address: `2026-11-21`. */
export function dayIn(value: unknown): string | undefined {
  const text = wordIn(value) ?? ''
  // A browser takes 30 February for 2 March.
  return /^\d{4}-\d\d-\d\d$/.test(text) && startOf(text).getDate() === Number(text.slice(8)) ? text : undefined
}

/** The first moment of a day, or of one some days later, where the person is. */
export function startOf(day: string, later = 0): Date {
  const start = new Date(`${day}T00:00:00`)
  start.setDate(start.getDate() + later)
  return start
}
