import { Button } from '@mantine/core'
import { IconMailPlus, IconSearchOff, IconUsers } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { ColumnVisibilityState } from '@tanstack/react-table'
import { type RefObject, Suspense, useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react'
import { lazyPart } from '../../api/fetched'
import { useTranslation } from 'react-i18next'
import { remembered } from '../../lib/remembered'
import { useUnsaved } from '../../lib/typed'
import { useKept } from '../../lib/useKept'
import { Message } from '../../parts/page/Message'
import { Refusal } from '../../parts/act/Refusal'
import { useAccount, useMay } from '../../parts/session/me'
import { Pager } from './Pager'
import { Toolbar } from './Toolbar'
import { UserTable, UserTableSkeleton } from './UserTable'
import type { BulkAction } from './bulk'
import { HIDDEN_AT_FIRST, type Order, orderIn } from '../../parts/users/columnIds'
import { NOT_NARROWED, filterOf, isNarrowed } from '../../parts/users/filter'
import { type UserRow, userPageQuery, userScrollQuery } from './queries'
import type { Tab } from '../../parts/users/tabs'
import { useSelection } from './selection'
import { useFocusKept } from './useFocusKept'
import { useUsersAddress } from './useUsersAddress'

const LongUserTable = lazyPart(() => import('./LongUserTable'), 'LongUserTable')
const SelectionBar = lazyPart(() => import('./SelectionBar'), 'SelectionBar')
const BulkDialog = lazyPart(() => import('./BulkDialog'), 'BulkDialog')

interface Props {
  tab: Tab
  field: RefObject<HTMLInputElement | null>
  invite: (() => void) | undefined
}

const NOBODY: UserRow[] = []

/** One tab's people: toolbar, rows, pages, and what can be done with the selected ones. */
export function UserList({ tab, field, invite }: Props) {
  const { search, go, narrow } = useUsersAddress()
  const [visibility, setVisibility] = useState<ColumnVisibilityState>(() => remembered.get('columns', HIDDEN_AT_FIRST))
  const [bulk, setBulk] = useState<BulkAction>()
  const filter = useStable(filterOf(search))
  const rows = search.rows ?? 10
  const page = search.page ?? 1
  const list = useList(filter, search.sort, { rows, page, cursor: search.cursor })
  const selection = useSelection(filter, list.items)
  useFocusKept()
  useUnsaved(!selection.isEmpty)
  const may = useMay()
  // The last page may have been emptied: then one is on the first again.
  const isBeyond = search.cursor !== undefined && list.total !== undefined && !list.isStale && list.items.length === 0
  useEffect(() => {
    if (isBeyond) narrow({ q: search.q })
  }, [isBeyond, narrow, search.q])

  const show = useCallback((next: ColumnVisibilityState) => {
    remembered.set('columns', next)
    setVisibility(next)
  }, [])
  const turn = (to: 'first' | 'previous' | 'next') => {
    if (to === 'first' || (to === 'previous' && page <= 2)) return go({ cursor: undefined, page: undefined })
    const cursor = (to === 'next' ? list.next : list.previous) ?? undefined
    go({ cursor, page: page + (to === 'next' ? 1 : -1) })
  }
  const open = useCallback((user: string) => go({ user, part: undefined }), [go])
  const setSort = useCallback((sort: string | undefined) => narrow({ sort: orderIn(sort) }), [narrow])
  const table = {
    rows: list.items,
    visibility,
    sort: search.sort,
    setSort,
    selection: may('bulk_update_users') ? selection : undefined,
    open,
    opened: search.user,
    isStale: list.isStale,
  }
  return (
    <>
      <Toolbar search={search} narrow={narrow} visibility={visibility} show={show} field={field} />
      <Refusal error={list.error} retry={list.retry} />
      {list.isPending && <UserTableSkeleton rows={rows || 12} />}
      {list.total === 0 && (
        <Nobody tab={tab} isNarrowed={isNarrowed(search)} clear={() => narrow(NOT_NARROWED)} invite={invite} />
      )}
      {list.total !== undefined && list.total > 0 && (
        <>
          {rows === 0 ? (
            <Suspense fallback={<UserTableSkeleton rows={12} />}>
              <LongUserTable {...table} loadMore={list.loadMore} />
            </Suspense>
          ) : (
            <UserTable {...table} />
          )}
          <Pager
            before={list.before}
            rows={rows}
            shown={list.items.length}
            total={list.total}
            isExact={list.isExact}
            hasNext={Boolean(list.next)}
            isStale={list.isStale}
            go={turn}
            setRows={(next) => narrow({ rows: next === 10 ? undefined : next })}
          />
          {!selection.isEmpty && (
            <Suspense>
              <SelectionBar
                tab={tab}
                selection={selection}
                total={list.total}
                isExact={list.isExact}
                shown={list.items.length}
                start={setBulk}
              />
            </Suspense>
          )}
        </>
      )}
      <Suspense>
        {bulk && (
          <BulkDialog action={bulk} whom={selection.whom} close={() => setBulk(undefined)} done={selection.clear} />
        )}
      </Suspense>
    </>
  )
}

/** The same object as long as it says the same. */
function useStable<T>(value: T): T {
  const text = JSON.stringify(value)
  return useMemo(() => JSON.parse(text) as T, [text])
}

interface Place {
  rows: number
  page: number
  cursor: string | undefined
}

function useList(filter: ReturnType<typeof filterOf>, sort: Order | undefined, { rows, page: number, cursor }: Place) {
  const { slug: account } = useAccount()
  const wanted = { account, filter, sort }
  const page = useQuery({ ...userPageQuery(wanted, rows || 1, cursor), enabled: rows !== 0 })
  const scroll = useInfiniteQuery({ ...userScrollQuery(wanted), enabled: rows === 0 })
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = scroll
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  // What is said about the rows stays with them while others are on their way.
  const loaded = useMemo(() => {
    const pages = rows === 0 ? scroll.data?.pages : page.data && [page.data]
    return pages && { pages, before: (number - 1) * rows }
  }, [rows, number, scroll.data, page.data])
  const kept = useKept(loaded, account)
  // Rows are built beside the typing, in slices: no frame waits for them.
  const shown = useDeferredValue(kept)
  const items = useMemo(() => shown?.pages.flatMap(({ items }) => items) ?? NOBODY, [shown])
  const current = rows === 0 ? scroll : page
  return {
    items,
    before: shown?.before ?? 0,
    total: shown?.pages[0]?.total,
    isExact: shown?.pages[0]?.total_is_exact ?? true,
    next: kept?.pages[0]?.next_cursor,
    previous: kept?.pages[0]?.prev_cursor,
    isPending: shown === undefined && current.error === null,
    isStale: kept !== loaded,
    error: current.error,
    retry: () => void current.refetch(),
    loadMore,
  }
}

function Nobody({
  tab,
  isNarrowed,
  clear,
  invite,
}: {
  tab: Tab
  isNarrowed: boolean
  clear: () => void
  invite: (() => void) | undefined
}) {
  const { t } = useTranslation()
  if (isNarrowed) {
    return (
      <Message
        icon={<IconSearchOff />}
        title={t('users.noMatchTitle')}
        action={
          <Button variant="default" onClick={clear} mt="sm">
            {t('users.clearFilters')}
          </Button>
        }
      >
        {t('users.noMatchText')}
      </Message>
    )
  }
  const canInvite = invite && (tab === 'users' || tab === 'invitations')
  return (
    <Message
      icon={canInvite ? <IconMailPlus /> : <IconUsers />}
      title={t(`users.empty_${tab}`)}
      action={
        canInvite && (
          <Button onClick={invite} mt="sm">
            {t('users.invite')}
          </Button>
        )
      }
    >
      {t(`users.emptyText_${tab}`)}
    </Message>
  )
}
