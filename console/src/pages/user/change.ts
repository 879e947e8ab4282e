import { type Schema, api, body, versioned } from '../../api/client'
import { queryClient } from '../../api/queries'
import { refreshUsers } from '../users/bulk'
import { userQuery } from '../users/queries'

/** What that change would do to people. */
export const impactOf = (account: string, user: string, wish: Schema['UserChange'], version: string) =>
  body(
    api.PATCH('/api/v1/accounts/{account}/users/{user}', {
      params: { path: { account, user }, query: { dry_run: true } },
      body: wish,
      headers: { 'If-Match': version },
    }),
  ).then(({ impact }) => impact)

/** Changes a user, unless somebody else did since this version, and shows the new one everywhere. */
export async function changeUser(account: string, user: string, wish: Schema['UserChange'], version: string) {
  const saved = await versioned(
    api.PATCH('/api/v1/accounts/{account}/users/{user}', {
      params: { path: { account, user } },
      body: wish,
      headers: { 'If-Match': version },
    }),
  )
  queryClient.setQueryData(userQuery(account, user).queryKey, saved)
  void refreshUsers(account)
  return saved
}
