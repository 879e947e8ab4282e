import { type Schema, api, body } from '../../api/client'
import { queryClient } from '../../api/queries'

export type BulkAction =
  'disable' | 'enable' | 'resend' | 'set_role' | 'add_systems' | 'remove_systems' | 'delete' | 'restore'
export type BulkWish = Schema['BulkBody']
export type BulkAnswer = Schema['BulkView']
export type Job = Schema['JobView']

export const isJob = (answer: BulkAnswer | Job): answer is Job => 'state' in answer

export async function runBulk(account: string, wish: BulkWish, dry_run: boolean, signal?: AbortSignal) {
  const answer: BulkAnswer | Job = await body(
    api.POST('/api/v1/accounts/{account}/users/bulk', {
      params: { path: { account }, query: { dry_run } },
      body: wish,
      // A request that is repeated because its answer got lost does it once.
      ...(!dry_run && { headers: { 'Idempotency-Key': crypto.randomUUID() } }),
      ...(signal && { signal }),
    }),
  )
  return answer
}

/** Sends the steps that the server named, in its order. */
export async function undoBulk(account: string, steps: BulkAnswer['undo']) {
  for (const step of steps) await runBulk(account, step as BulkWish, false)
}

export const refreshUsers = (account: string) =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: [account, 'users'] }),
    queryClient.invalidateQueries({ queryKey: [account, 'roles'] }),
    queryClient.invalidateQueries({ queryKey: [account, 'events'] }),
  ])
