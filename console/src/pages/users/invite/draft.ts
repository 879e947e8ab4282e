import { useCallback } from 'react'
import { store } from '../../../lib/store'
import { countDraft } from '../../../lib/typed'

/** What somebody has typed into the invite dialog; it survives the dialog, a sign-in and a visit to another page. */
export interface Draft {
  text: string
  /** The column of the pasted table with the people's own addresses, where somebody chose it. */
  column?: number | undefined
  /** What was added behind a table that waits for its column: each is read for itself, without that column. */
  waiting: string[]
  role_id: string
  reach: 'none' | 'some' | 'all'
  systems: string[]
  message: string
  skip: boolean
}

export const EMPTY: Draft = { text: '', waiting: [], role_id: '', reach: 'none', systems: [], message: '', skip: true }
const drafts = store<Record<string, Draft>>({})
countDraft(() => Object.values(drafts.get()).some(({ text, message }) => text !== '' || message !== ''))

/** Adds to a draft; behind what waits, and behind a table whose column is open or chosen, it waits. */
export const added = ({ text, waiting }: Draft, more: string, isOpen: boolean): Partial<Draft> =>
  isOpen || waiting.length > 0 ? { waiting: [...waiting, more] } : { text: text.trim() ? `${text}\n${more}` : more }

/**
 * Takes in the first of what waits. A table whose column was chosen stands there by then as the lines that were read with it: the
 * column belongs to that table, and nothing that follows is read with it.
 */
export function settled({ text, column, waiting }: Draft, lines: string | undefined): Partial<Draft> {
  const [next = '', ...rest] = waiting
  const before = column === undefined ? text : (lines ?? text)
  return { text: before.trim() ? `${before}\n${next}` : next, column: undefined, waiting: rest }
}

export function useDraft(account: string) {
  const draft = drafts.use()[account] ?? EMPTY
  const change = useCallback(
    (part: Partial<Draft> | ((now: Draft) => Partial<Draft>)) => {
      const all = drafts.get()
      const now = all[account] ?? EMPTY
      drafts.set({ ...all, [account]: { ...now, ...(typeof part === 'function' ? part(now) : part) } })
    },
    [account],
  )
  return [draft, change] as const
}
