import { useWindowEvent } from '@mantine/hooks'
import { remembered } from '../../lib/remembered'
import { store } from '../../lib/store'

/** Whether the help stands open. */
export const help = store(false)

/** Whether single keys act; who steers by voice switches them off. */
export const singleKeys = store(remembered.get('keys', true))

export function switchSingleKeys(on: boolean) {
  remembered.set('keys', on)
  singleKeys.set(on)
}

/** Opens it with `?`: by the sign and not by the key, which lies elsewhere on every keyboard. */
export function useHelpKey() {
  useWindowEvent('keydown', (event) => {
    const isTyping =
      event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]')
    const isFree = singleKeys.get() && !isTyping && document.querySelector('[aria-modal="true"]') === null
    if (event.key === '?' && isFree && !event.ctrlKey && !event.metaKey) help.set(true)
  })
}
