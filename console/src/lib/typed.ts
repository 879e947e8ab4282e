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

// Closing the window, or loading the page again, asks first. A step within the console asks by itself where it matters.
window.addEventListener('beforeunload', (event) => {
  if (hasUnsaved() && !isGone) event.preventDefault()
})

/** Leaves for another page, which knows nothing of this one; “back” does not lead to what stood here either. */
export function leaveFor(address: string): Promise<never> {
  if (!isGone) {
    isGone = true
    window.addEventListener('pageshow', ({ persisted }) => persisted && window.location.reload())
    window.location.assign(address)
  }
  return new Promise(() => undefined)
}
