import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { UserTable, type UserTableProps } from './UserTable'

const ROW_HEIGHT = 41
/** So many rows before the end more are asked for. */
const AHEAD = 40

/** All people in one list: it scrolls in its own frame, builds the rows in sight and loads the others on the way. */
export function LongUserTable({ loadMore, ...props }: UserTableProps & { loadMore: () => void }) {
  const frame = useRef<HTMLDivElement>(null)
  const count = props.rows.length
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    // Few: whoever types waits until the ones out of sight are in the page, too.
    overscan: 5,
    onChange: ({ range }) => {
      if (range && range.endIndex > count - AHEAD) queueMicrotask(loadMore)
    },
  })
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)
  const sight = {
    frame,
    indexes: items.map(({ index }) => index),
    before: items[0]?.start ?? 0,
    after: last ? virtualizer.getTotalSize() - last.end : 0,
  }
  return <UserTable {...props} sight={sight} />
}
