import { useCallback, useMemo, useState } from 'react'
import type { UserFilter } from './filter'

/** Whom a bulk action means: these rows, or everybody whom the filter shows. */
export type Whom = { ids: string[] } | { filter: UserFilter }

/**
 * The selection across pages. It belongs to one filter: another filter shows other people, so it starts empty there, and
 * nobody is acted on whom one did not see.
 */
export function useSelection(filter: UserFilter) {
  const key = JSON.stringify(filter)
  const [state, setState] = useState({ key, ids: new Set<string>() as ReadonlySet<string>, all: false })
  const current = state.key === key ? state : { key, ids: new Set<string>() as ReadonlySet<string>, all: false }

  const toggle = useCallback(
    (rows: string[], on: boolean) =>
      setState((old) => {
        const ids = new Set(old.key === key ? old.ids : [])
        for (const id of rows) {
          if (on) ids.add(id)
          else ids.delete(id)
        }
        return { key, ids, all: false }
      }),
    [key],
  )
  const clear = useCallback(() => setState({ key, ids: new Set(), all: false }), [key])
  const chooseAll = useCallback(() => setState({ key, ids: new Set(), all: true }), [key])

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
    [current.ids, current.all, filter, toggle, clear, chooseAll],
  )
}

export type Selection = ReturnType<typeof useSelection>
