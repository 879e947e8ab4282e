import { type RefObject, useLayoutEffect } from 'react'

/** The dialog that lies over everything else; one that moves out is none any more. */
export const topDialog = () =>
  [...document.querySelectorAll<HTMLElement>('[data-open-dialog="true"] [role="dialog"]')].at(-1)

/** Whether the focus is nowhere. */
export const isFocusLost = () => document.activeElement === null || document.activeElement === document.body

/** Gives the focus to the first of these that takes it, as what is gone or off does not. */
function focusFirst(targets: (Element | null | undefined)[]) {
  for (const target of targets) {
    if (!(target instanceof HTMLElement) || !target.isConnected) continue
    target.focus({ preventScroll: true })
    if (document.activeElement === target) return
  }
}

/**
 * Gives the focus back when a dialog that is made at the moment of its opening goes away: to what had it before, or to
 * `opener`. Where that is gone or off, or lies behind another dialog, that dialog has it, and where none is open the content
 * of the page, so that the keyboard does not start from the top. Who has gone on to something else in the meantime stays there.
 */
export function useFocusReturn(isOpen: boolean, opener?: RefObject<HTMLElement | null>) {
  useLayoutEffect(() => {
    if (!isOpen) return
    const before = opener?.current ?? document.activeElement
    return () => {
      const atClose = document.activeElement
      setTimeout(() => {
        if (document.activeElement !== atClose && !isFocusLost()) return
        const dialog = topDialog()
        const isBehind = before === document.body || dialog?.contains(before) === false
        focusFirst([isBehind ? undefined : before, dialog, document.getElementById('content')])
      })
    }
  }, [isOpen, opener])
}
