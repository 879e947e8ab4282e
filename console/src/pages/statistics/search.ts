/** How far back the pictures go, in days. */
export const SPANS = [7, 30, 90, 365] as const
export type Span = (typeof SPANS)[number]

export interface InsightsSearch {
  days?: Span | undefined
}

export function insightsSearch(search: Record<string, unknown>): InsightsSearch {
  return { days: SPANS.find((days) => days === Number(search.days) && days !== 30) }
}
