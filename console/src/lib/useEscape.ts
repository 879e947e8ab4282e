// It listens before this does, whatever file of the build either is in.
import './composing'
import { useEffectEvent, useLayoutEffect } from 'react'

/** What stands open, the topmost last. */
const open: (() => void)[] = []

/** Closes with Escape what stands open, and of several only the topmost. */
export function useEscape(isOpen: boolean, close: () => void) {
  const closeNow = useEffectEvent(close)
  useLayoutEffect(() => {
    if (!isOpen) return
    const mine = () => closeNow()
    open.push(mine)
    return () => void open.splice(open.indexOf(mine), 1)
  }, [isOpen])
}

window.addEventListener(
  'keydown',
  (event) => {
    if (event.key !== 'Escape') return
    // An open list of choices says that it closes itself first.
    const isTaken = event.target instanceof Element && event.target.matches('[data-mantine-stop-propagation="true"]')
    if (!isTaken) open.at(-1)?.()
  },
  { capture: true },
)
