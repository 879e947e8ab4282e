import { useCallback } from 'react'
import { store } from '../../../lib/store'
import { countDraft } from '../../../lib/typed'

/** What somebody has typed into the invite dialog; it survives the dialog, a sign-in and a visit to another page. */
export interface Draft {
  text: string
  /** The column of the pasted table with the people's own addresses, where somebody chose it. */
  column?: number | undefined
  role_id: string
  reach: 'none' | 'some' | 'all'
  systems: string[]
  message: string
  skip: boolean
}

const EMPTY: Draft = { text: '', role_id: '', reach: 'none', systems: [], message: '', skip: true }
const drafts = store<Record<string, Draft>>({})
countDraft(() => Object.values(drafts.get()).some(({ text, message }) => text !== '' || message !== ''))

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
