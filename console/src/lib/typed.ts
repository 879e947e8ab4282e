import { useEffect } from 'react'

let unsaved = 0

const drafts: (() => boolean)[] = []

/** Whether something was typed that would be lost with this page. */
export const hasUnsaved = () => unsaved > 0 || drafts.some((isThere) => isThere())

/** Counts a draft that is kept beside the pages. */
export const countDraft = (isThere: () => boolean) => void drafts.push(isThere)

/** Says that something was typed, as long as it is so. */
export function useUnsaved(isDirty: boolean) {
  useEffect(() => {
    if (!isDirty) return
    unsaved += 1
    return () => {
      unsaved -= 1
    }
  }, [isDirty])
}

let isGone = false

/** Whether the page is being left for good: then nobody is asked about what was typed any more. */
export const isLeaving = () => isGone

/** Leaves for another page, which knows nothing of this one; “back” does not lead to what stood here either. */
export function leaveFor(address: string): Promise<never> {
  if (!isGone) {
    isGone = true
    window.addEventListener('pageshow', ({ persisted }) => persisted && window.location.reload())
    window.location.assign(address)
  }
  return new Promise(() => undefined)
}
