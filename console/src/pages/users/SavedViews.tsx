import { Button, Popover, Skeleton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBookmark } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ColumnVisibilityState } from '@tanstack/react-table'
import { Suspense } from 'react'
import { lazyPart } from '../../api/fetched'
import { useTranslation } from 'react-i18next'
import { useAccount } from '../../parts/session/me'
import classes from '../../parts/list/Toolbar.module.css'
import type { UsersSearch } from '../../parts/users/search'
import { type SavedView, queryOf, savedViewsQuery, viewOf } from './views'

const ViewList = lazyPart(() => import('./ViewList'), 'ViewList')

interface Props {
  search: UsersSearch
  visibility: ColumnVisibilityState
  narrow: (change: Partial<UsersSearch>) => void
  show: (visibility: ColumnVisibilityState) => void
}

/** The lists that a person comes back to. They are kept by the server, so they are there in every browser. */
export function SavedViews({ search, visibility, narrow, show }: Props) {
  const { t } = useTranslation()
  const { slug } = useAccount()
  const { data: views } = useQuery(savedViewsQuery(slug))
  const [isOpen, popover] = useDisclosure(false)
  const now = queryOf(search, visibility)
  const current = views?.find(({ query }) => query === now)
  const apply = ({ query }: SavedView) => {
    const view = viewOf(query)
    narrow({ ...view.search, user: undefined, part: undefined })
    show(view.visibility)
    popover.close()
  }
  return (
    <Popover opened={isOpen} onChange={popover.set} position="bottom-end" width={300} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant={current ? 'light' : 'default'}
          size="xs"
          maw={220}
          className={classes.views}
          data-current={current ? true : undefined}
          aria-label={current ? current.name : t('users.views')}
          title={current ? current.name : t('users.views')}
          leftSection={<IconBookmark size={15} stroke={1.6} aria-hidden />}
          onClick={popover.toggle}
        >
          {current ? current.name : t('users.views')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <Suspense fallback={<Skeleton h={80} />}>
          <ViewList account={slug} now={now} current={current} apply={apply} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  )
}
