import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { UsersSearch } from '../../parts/users/search'

/** The address of the users page holds its whole state. */
export function useUsersAddress() {
  const search = useSearch({ from: '/signed-in/accounts/$account/users' })
  const navigate = useNavigate({ from: '/accounts/$account/users' })
  /** A step that “back” returns from, or one in place of what is gone. */
  const go = useCallback(
    (change: Partial<UsersSearch>, replace = false) =>
      void navigate({ search: (old) => ({ ...old, ...change }), resetScroll: false, replace }),
    [navigate],
  )
  /** Other people are shown: from the first page again, and typing leaves no trail of steps. */
  const narrow = useCallback(
    (change: Partial<UsersSearch>) =>
      void navigate({
        search: (old) => ({ ...old, ...change, cursor: undefined, page: undefined }),
        replace: 'q' in change,
        resetScroll: false,
      }),
    [navigate],
  )
  return { search, go, narrow }
}

export type Go = ReturnType<typeof useUsersAddress>['go']
