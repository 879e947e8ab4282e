import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { Versioned } from '../../api/client'
import { changed } from '../../lib/changes'
import { isFocusLost, topDialog } from '../../lib/useFocusReturn'

/**
 * A form over something that others may change meanwhile. What they save is taken over as long as nothing is typed; after
 * that it waits in `newer` until the person has chosen, and what was typed stays.
 */
export function useVersioned<Value, Fields extends object>(
  loaded: Versioned<Value>,
  fieldsOf: (value: Value) => Fields,
) {
  const [{ base, seen }, setBase] = useState({ base: loaded, seen: loaded.version })
  const [newer, showConflict] = useState<Versioned<Value>>()
  const before = fieldsOf(base.value)
  const form = useForm<Fields>({ initialValues: before })
  const mine = changed(before, form.values)
  const isDirty = Object.keys(mine).length > 0

  /** Goes on from this version, with what is still to be saved over it. */
  const begin = (from: Versioned<Value>, kept: Partial<Fields> = {}) => {
    setBase({ base: from, seen: loaded.version })
    showConflict(undefined)
    form.setValues({ ...fieldsOf(from.value), ...kept })
  }
  if (loaded.version !== seen && !isDirty) begin(loaded)

  /** The button that was pressed goes away or off: the keyboard goes on at the first field, unless it is elsewhere by then. */
  const goOn = (pressed: Element | null) => {
    setTimeout(() => {
      const [first = ''] = Object.keys(before)
      // A dialog has it where it was lost in there.
      const isLost = isFocusLost() || [pressed, topDialog()].includes(document.activeElement)
      if (isLost) form.getInputNode(first)?.focus({ preventScroll: true })
    })
  }

  /** Goes on from what was just saved, with what was typed while it was sent. */
  const saved = (to: Versioned<Value>, sent: Partial<Fields>) => {
    begin(to, changed({ ...before, ...sent }, form.values))
    goOn(null)
  }

  /** Goes on from this version without what was typed. */
  const drop = (from: Versioned<Value>) => {
    begin(from)
    goOn(document.activeElement)
  }
  const discard = () => drop(loaded)

  /** What was typed goes over what they saved, by `send` with their version. */
  const keepMine = (send: (version: string) => void) => {
    if (!newer) return
    begin(newer, mine)
    send(newer.version)
  }
  const takeTheirs = () => {
    if (newer) drop(newer)
  }
  const sides = { before, mine, theirs: newer && fieldsOf(newer.value) }
  return {
    form,
    base,
    before,
    mine,
    isDirty,
    isStale: newer !== undefined,
    sides,
    showConflict,
    saved,
    discard,
    keepMine,
    takeTheirs,
  }
}
