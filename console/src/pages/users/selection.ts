import { useCallback, useMemo, useReducer } from 'react'
import type { UserFilter } from './filter'

/** Whom a bulk action means: these rows, or everybody whom the filter shows. */
export type Whom = { ids: string[] } | { filter: UserFilter }

interface State {
  key: string
  ids: ReadonlySet<string>
  all: boolean
}

type Step = 'clear' | 'all' | { rows: string[]; on: boolean }

const none = (key: string): State => ({ key, ids: new Set(), all: false })

function after(state: State, step: Step, shown: { id: string }[]): State {
  if (step === 'clear') return none(state.key)
  if (step === 'all') return { ...state, all: true }
  // Whoever unticks one of all has those in sight without it.
  const ids = new Set(state.all ? shown.map(({ id }) => id) : state.ids)
  for (const id of step.rows) {
    if (step.on) ids.add(id)
    else ids.delete(id)
  }
  return { key: state.key, ids, all: false }
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
  const toggle = useCallback((rows: string[], on: boolean) => change({ rows, on }), [])
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
