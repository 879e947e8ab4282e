import { Checkbox, Skeleton, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useLocation } from '@tanstack/react-router'
import { type ColumnVisibilityState, FlexRender, type Row, useTable } from '@tanstack/react-table'
import { type RefObject, memo, useDeferredValue, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { prefix } from '../../lib/place'
import look from '../../parts/list/Rows.module.css'
import { useAccount } from '../../parts/session/me'
import { isControl } from '../../ui/links'
import { type ColumnId, SORTABLE } from '../../parts/users/columnIds'
import { RowLinks, columns, features } from './columns'
import type { UserRow } from './queries'
import type { Selection } from './selection'
import classes from './UserTable.module.css'

interface Props {
  rows: UserRow[]
  visibility: ColumnVisibilityState
  sort: string | undefined
  setSort: (sort: string | undefined) => void
  selection: Selection | undefined
  open: (user: string) => void
  opened: string | undefined
  isStale: boolean
  /** With it the rows scroll in their own frame and only those in sight are built. */
  sight?: Sight
}

export type UserTableProps = Omit<Props, 'sight'>

/** Which rows are in sight, and how much room the others take before and after them. */
export interface Sight {
  frame: RefObject<HTMLDivElement | null>
  indexes: number[]
  before: number
  after: number
}

/** The rows of people. */
export function UserTable(props: Props) {
  const { rows, visibility, selection, open, opened, sight } = props
  const table = useTable({
    features,
    columns,
    data: rows,
    getRowId: (row) => row.id,
    state: { columnVisibility: visibility },
  })
  const links = useRowLinks(open)
  const shownColumns = table
    .getVisibleLeafColumns()
    .map(({ id }) => id)
    .join()
  const built = table.getRowModel().rows
  const shown = sight ? sight.indexes.map((index) => built[index]).filter((row) => row !== undefined) : built
  const offset = sight?.indexes[0] ?? 0
  const width = table.getVisibleLeafColumns().length + (selection ? 1 : 0)
  return (
    <div
      ref={sight?.frame}
      className={`${look.frame} ${classes.frame}`}
      data-scroll={sight ? true : undefined}
      data-stale={props.isStale || undefined}
    >
      <table className={`${look.table} ${classes.table}`} aria-rowcount={sight ? -1 : undefined}>
        <Head {...props} columns={table.getVisibleLeafColumns().map(({ id }) => id as ColumnId)} />
        <tbody>
          {sight && sight.before > 0 && <Gap height={sight.before} width={width} />}
          <RowLinks value={links}>
            {shown.map((row, index) => (
              <UserTableRow
                key={row.id}
                row={row}
                columns={shownColumns}
                index={sight && offset + index + 2}
                isChosen={selection?.has(row.id)}
                isOpened={row.id === opened}
                toggle={selection?.toggle}
                open={open}
              />
            ))}
          </RowLinks>
          {sight && sight.after > 0 && <Gap height={sight.after} width={width} />}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps {
  row: Row<typeof features, UserRow>
  /** The names of the columns that are shown: other ones make another row. */
  columns: string
  index: number | undefined
  isChosen: boolean | undefined
  isOpened: boolean
  toggle: Selection['toggle'] | undefined
  open: (user: string) => void
}

/** One person. It is built again only when it says something else. */
const UserTableRow = memo(function UserTableRow({ row, index, isChosen, isOpened, toggle, open }: RowProps) {
  return (
    <tr
      data-row={row.id}
      aria-rowindex={index}
      data-chosen={isChosen || undefined}
      data-opened={isOpened || undefined}
      onClick={(event) => {
        if (!isControl(event)) open(row.id)
      }}
    >
      {toggle && (
        <td className={classes.check}>
          <Check email={row.original.email} id={row.id} isChosen={isChosen === true} toggle={toggle} />
        </td>
      )}
      {row.getVisibleCells().map((cell) => (
        <td key={cell.id} data-column={cell.column.id}>
          <FlexRender cell={cell} />
        </td>
      ))}
    </tr>
  )
})

/** The address of this very list with somebody's drawer open. */
function useRowLinks(open: (user: string) => void) {
  const { slug } = useAccount()
  const search = useDeferredValue(useLocation({ select: ({ searchStr }) => searchStr }))
  return useMemo(() => {
    const query = new URLSearchParams(search)
    query.delete('part')
    query.delete('user')
    const rest = query.size > 0 ? `&${query}` : ''
    return { href: (user: string) => `${prefix}/accounts/${slug}/users?user=${user}${rest}`, open }
  }, [search, slug, open])
}

const Gap = ({ height, width }: { height: number; width: number }) => (
  <tr aria-hidden style={{ height }}>
    <td colSpan={width} style={{ padding: 0, border: 0 }} />
  </tr>
)

function Check(props: { id: string; email: string; isChosen: boolean; toggle: Selection['toggle'] }) {
  const { t } = useTranslation()
  return (
    <label className={classes.hit}>
      <Checkbox
        size="xs"
        checked={props.isChosen}
        onChange={(event) =>
          props.toggle([props.id], event.currentTarget.checked, (event.nativeEvent as MouseEvent).shiftKey)
        }
        aria-label={t('users.selectOne', { email: props.email })}
      />
    </label>
  )
}

function Head({ rows, selection, sort, setSort, columns }: Props & { columns: ColumnId[] }) {
  const { t } = useTranslation()
  const chosen = selection ? rows.filter(({ id }) => selection.has(id)).length : 0
  return (
    <thead>
      <tr>
        {selection && (
          <th className={classes.check} scope="col">
            <label className={classes.hit}>
              <Checkbox
                size="xs"
                checked={chosen > 0 && chosen === rows.length}
                indeterminate={chosen > 0 && chosen < rows.length}
                disabled={rows.length === 0}
                onChange={(event) =>
                  selection.toggle(
                    rows.map(({ id }) => id),
                    event.currentTarget.checked,
                  )
                }
                aria-label={t('users.selectPage')}
              />
            </label>
          </th>
        )}
        {columns.map((id) => (
          <th key={id} scope="col" data-column={id} aria-sort={ariaSort(id, sort)}>
            {SORTABLE.has(id) ? (
              <UnstyledButton className={classes.sort} onClick={() => setSort(nextSort(id, sort))}>
                {t(`users.column_${id}`)}
                {sort === id && <IconArrowUp size={14} aria-hidden />}
                {sort === `-${id}` && <IconArrowDown size={14} aria-hidden />}
              </UnstyledButton>
            ) : (
              t(`users.column_${id}`)
            )}
          </th>
        ))}
      </tr>
    </thead>
  )
}

const ariaSort = (id: string, sort: string | undefined) =>
  sort === id ? 'ascending' : sort === `-${id}` ? 'descending' : undefined

/** Up, down, as it was. */
const nextSort = (id: string, sort: string | undefined) => (sort === id ? `-${id}` : sort === `-${id}` ? undefined : id)

/** The table before its rows are there. */
export function UserTableSkeleton({ rows }: { rows: number }) {
  const { t } = useTranslation()
  return (
    <div className={look.frame} aria-busy role="status" aria-label={t('common.loading')}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={classes.ghost}>
          <Skeleton h={18} w={18} />
          <Skeleton h={14} w={`${22 - (index % 4) * 2}%`} />
          <Skeleton h={14} w={`${14 - (index % 3) * 2}%`} />
          <Skeleton h={14} w="10%" />
          <Skeleton h={14} w={`${18 - (index % 5)}%`} />
          <Skeleton h={14} w="8%" />
        </div>
      ))}
    </div>
  )
}
