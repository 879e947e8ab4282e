import { useEffect } from 'react'

let unsaved = 0

/** Whether something was typed that would be lost with this page. */
export const hasUnsaved = () => unsaved > 0

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
