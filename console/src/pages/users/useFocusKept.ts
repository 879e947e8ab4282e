import { useEffect, useRef } from 'react'

/** Who stood on a row that leaves the list, because its person does, stands on the page then and not nowhere. */
export function useFocusKept() {
  const isOnRow = useRef(false)
  useEffect(() => {
    const note = () => (isOnRow.current = Boolean(document.activeElement?.closest('[data-row]')))
    document.addEventListener('focusin', note)
    return () => document.removeEventListener('focusin', note)
  }, [])
  useEffect(() => {
    if (!isOnRow.current || document.activeElement !== document.body) return
    document.getElementById('content')?.focus({ preventScroll: true })
  })
}
