import { type RefObject, useLayoutEffect } from 'react'

/**
 * Gives the focus back when a dialog that is made at the moment of its opening goes away: to what had it before, or to
 * `opener`. Where that is gone, too, the content of the page has it, so that the keyboard does not start from the top.
 * Who has gone on to something else in the meantime stays there.
 */
export function useFocusReturn(isOpen: boolean, opener?: RefObject<HTMLElement | null>) {
  useLayoutEffect(() => {
    if (!isOpen) return
    const before = opener?.current ?? document.activeElement
    return () => {
      const atClose = document.activeElement
      setTimeout(() => {
        const now = document.activeElement
        if (now !== atClose && now !== document.body) return
        const isThere = before?.isConnected && before !== document.body
        const target = isThere ? before : document.getElementById('content')
        if (target instanceof HTMLElement) target.focus({ preventScroll: true })
      })
    }
  }, [isOpen, opener])
}
