import { useCallback, useMemo, useReducer } from 'react'
import type { UserFilter } from '../../parts/users/filter'

/** Whom a bulk action means: these rows, or everybody whom the filter shows. */
export type Whom = { ids: string[] } | { filter: UserFilter }

interface State {
  key: string
  ids: ReadonlySet<string>
  all: boolean
  /** The row that was ticked last by itself: a range goes from there. */
  anchor?: string | undefined
}

type Step = 'clear' | 'all' | { rows: string[]; on: boolean; isRange?: boolean }

const none = (key: string): State => ({ key, ids: new Set(), all: false })

/** The rows from one to the other in the order in which they are shown, both included; the last alone where the first is gone. */
function between(shown: { id: string }[], from: string | undefined, to: string): string[] {
  const [a, b] = [from, to].map((id) => shown.findIndex((row) => row.id === id))
  if (a === undefined || b === undefined || a < 0 || b < 0) return [to]
  return shown.slice(Math.min(a, b), Math.max(a, b) + 1).map(({ id }) => id)
}

function after(state: State, step: Step, shown: { id: string }[]): State {
  if (step === 'clear') return none(state.key)
  if (step === 'all') return { ...state, all: true }
  // Whoever unticks one of all has those in sight without it.
  const ids = new Set(state.all ? shown.map(({ id }) => id) : state.ids)
  const [last] = step.rows
  const rows = step.isRange && last ? between(shown, state.anchor, last) : step.rows
  for (const id of rows) {
    if (step.on) ids.add(id)
    else ids.delete(id)
  }
  return { key: state.key, ids, all: false, anchor: step.rows.length === 1 ? last : undefined }
}

/**
 * The selection across pages. It belongs to one filter: another filter shows other people, so it starts empty there, and
 * nobody is acted on whom one did not see.
 */
export function useSelection(filter: UserFilter, shown: { id: string }[]) {
  const key = JSON.stringify(filter)
  const [state, change] = useReducer(
    (old: State, step: Step) => after(old.key === key ? old : none(key), step, shown),
    key,
    none,
  )
  const current = useMemo(() => (state.key === key ? state : none(key)), [state, key])

  // The same functions for every filter: rows that stay need not be built again.
  const toggle = useCallback((rows: string[], on: boolean, isRange = false) => change({ rows, on, isRange }), [])
  const clear = useCallback(() => change('clear'), [])
  const chooseAll = useCallback(() => change('all'), [])

  return useMemo(
    () => ({
      ids: current.ids,
      all: current.all,
      isEmpty: !current.all && current.ids.size === 0,
      has: (id: string) => current.all || current.ids.has(id),
      whom: (current.all ? { filter } : { ids: [...current.ids] }) as Whom,
      toggle,
      clear,
      chooseAll,
    }),
    [current, filter, toggle, clear, chooseAll],
  )
}

export type Selection = ReturnType<typeof useSelection>
