import { useHotkeys } from '@mantine/hooks'
import type { RefObject } from 'react'
import { singleKeys } from '../../parts/shell/help'
import type { Go } from './useUsersAddress'

interface Keys {
  field: RefObject<HTMLInputElement | null>
  go: Go
  invite: (() => void) | undefined
}

const links = () => [...document.querySelectorAll<HTMLElement>('[data-row] [data-open]')]
const current = () => document.activeElement?.closest<HTMLElement>('[data-row]') ?? undefined

function move(by: number) {
  const all = links()
  const row = current()
  const at = row ? all.findIndex((link) => row.contains(link)) : by > 0 ? -1 : all.length
  const next = all[Math.max(0, Math.min(all.length - 1, at + by))]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}

/** The keys of the list. They act on the row that has the focus, so that screen readers know it, too. */
export function useListKeys({ field, go, invite }: Keys) {
  const isFree = () => singleKeys.get() && document.querySelector('[aria-modal="true"]') === null
  const when = (run: () => void) => (event: KeyboardEvent) => {
    if (!isFree()) return
    event.preventDefault()
    run()
  }
  useHotkeys([
    ['/', when(() => field.current?.focus()), { usePhysicalKeys: false }],
    ['j', when(() => move(1))],
    ['k', when(() => move(-1))],
    ['x', when(() => current()?.querySelector<HTMLInputElement>('input[type="checkbox"]')?.click())],
    ['e', when(() => current()?.dataset.row && go({ user: current()?.dataset.row, part: 'edit' }))],
    ['i', when(() => invite?.())],
  ])
}
