import { type Schema, type Versioned, api, versioned } from '../../api/client'
import { queryClient } from '../../api/queries'
import { refreshUsers } from '../users/bulk'
import { type User, userQuery } from '../users/queries'

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

/** The user as they are now, without touching what is on the screen. */
export const fetchUser = (account: string, user: string): Promise<Versioned<User>> =>
  versioned(api.GET('/api/v1/accounts/{account}/users/{user}', { params: { path: { account, user } } }))
