import { type Schema, type Versioned, api, body, versioned } from '../../../api/client'
import { queryClient } from '../../../api/queryClient'
import { refreshUsers } from '../bulk'
import { type User, userAccessQuery, userQuery } from '../queries'

/** What that change would do to people. */
export const impactOf = (account: string, user: string, wish: Schema['UserChange'], version: string) =>
  body(
    api.PATCH('/api/v1/accounts/{account}/users/{user}', {
      params: { path: { account, user }, query: { dry_run: true } },
      body: wish,
      headers: { 'If-Match': version },
    }),
  ).then(({ impact }) => impact)

/** Changes a user, unless somebody else did since this version. */
export const changeUser = (account: string, user: string, wish: Schema['UserChange'], version: string) =>
  versioned(
    api.PATCH('/api/v1/accounts/{account}/users/{user}', {
      params: { path: { account, user } },
      body: wish,
      headers: { 'If-Match': version },
    }),
  )

/** Shows the new one everywhere. */
export function showUser(account: string, saved: Versioned<User>) {
  queryClient.setQueryData(userQuery(account, saved.value.id).queryKey, saved)
  void refreshUsers(account)
}

/**
 * Whether somebody who sees only the people of their own systems loses sight of this user with these systems: nothing that they
 * can see of the user's access is left, neither one of these nor what a group gives.
 */
export async function leavesSight(account: string, user: string, systems: readonly string[]) {
  const access = await queryClient.fetchQuery({ ...userAccessQuery(account, user), staleTime: 0 })
  return !access.systems.some(({ id, paths }) => systems.includes(id) || paths.some(({ kind }) => kind !== 'direct'))
}
