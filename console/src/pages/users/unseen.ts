import { systemsQuery } from '../../api/queries'
import { queryClient } from '../../api/queryClient'
import { leavesSight } from './user/change'
import { type BulkAnswer, type BulkWish, canRun } from './bulk'

/** How many people somebody does not see any more; `some` where they are too many to look at each. */
export type Unseen = number | 'some'

/** So many are looked at one by one. */
const MOST = 20

/** How many of these users somebody who sees only the people of their own systems loses sight of by taking away `systems`. */
export async function countUnseen(account: string, users: string[], systems: string[]): Promise<Unseen> {
  if (users.length > MOST) return 'some'
  const own = await queryClient.fetchQuery(systemsQuery(account))
  const kept = own.map(({ id }) => id).filter((id) => !systems.includes(id))
  const leave = await Promise.all(users.map((user) => leavesSight(account, user, kept)))
  return leave.filter(Boolean).length
}

/** Whether everybody can still be seen whom the undo is about. */
export const canTakeBack = async (account: string, steps: BulkAnswer['undo']) =>
  (await Promise.all(steps.map((step) => canRun(account, step as BulkWish)))).every(Boolean)
