import { useWindowEvent } from '@mantine/hooks'
import { store } from '../../lib/store'

/** Whether the help stands open. */
export const help = store(false)

/** Opens it with `?`: by the sign and not by the key, which lies elsewhere on every keyboard. */
export function useHelpKey() {
  useWindowEvent('keydown', (event) => {
    const isTyping =
      event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]')
    if (event.key === '?' && !isTyping && !event.ctrlKey && !event.metaKey) help.set(true)
  })
}
