import { queryOptions } from '@tanstack/react-query'
import i18next from 'i18next'
import { type Schema, api, body } from '../../api/client'
import { Refused, ServerAway, ConsoleError, problemOf } from '../../api/problem'
import { queryClient } from '../../api/queryClient'
import type { Once } from '../../lib/once'
import type { Operation } from '../../parts/session/me'
import { jobs } from './jobs'

export type BulkAction =
  'disable' | 'enable' | 'resend' | 'set_role' | 'add_systems' | 'remove_systems' | 'delete' | 'restore'
/** The operation on one user that each is done with: whoever may call that may do it to many. */
export const NEEDED: Record<BulkAction, Operation> = {
  disable: 'disable_user',
  enable: 'enable_user',
  resend: 'resend_invitation',
  // To give a role is to manage somebody, as to disable them is.
  set_role: 'disable_user',
  add_systems: 'update_user',
  remove_systems: 'update_user',
  delete: 'delete_user',
  restore: 'restore_user',
}
export type BulkWish = Schema['BulkBody']
export type BulkAnswer = Schema['BulkView']
export type Job = Schema['JobView']

export const isJob = (answer: BulkAnswer | Job): answer is Job => 'state' in answer

const send = (
  account: string,
  wish: BulkWish,
  dry_run: boolean,
  rest: { headers?: ReturnType<Once>; signal?: AbortSignal },
) =>
  body<BulkAnswer | Job>(
    api.POST('/api/v1/accounts/{account}/users/bulk', {
      params: { path: { account }, query: { dry_run } },
      body: wish,
      ...rest,
    }),
  )

/** Whether the same can be done as it is, as an undo: nothing of it is refused, and everybody can still be seen. */
export const canRun = (account: string, wish: BulkWish) =>
  send(account, wish, true, {}).then(
    (answer) => !isJob(answer) && answer.applies,
    () => false,
  )

/** What it would do; never a job. */
export const previewBulk = async (account: string, wish: BulkWish, signal: AbortSignal) =>
  (await send(account, wish, true, { signal })) as BulkAnswer

export const runBulk = (account: string, wish: BulkWish, once: Once) =>
  send(account, wish, false, { headers: once(wish) })

/** Sends the steps that the server named, in its order, each when the one before is done. */
export async function undoBulk(account: string, steps: BulkAnswer['undo'], once: Once) {
  for (const step of steps) {
    const answer = await runBulk(account, step as BulkWish, once)
    if (!isJob(answer)) continue
    jobs.start(account, answer.id)
    await ended(account, answer.id)
  }
}

export const jobQuery = (account: string, job: string) =>
  queryOptions({
    queryKey: [account, 'jobs', job],
    queryFn: ({ signal }) =>
      body(
        api.GET('/api/v1/accounts/{account}/jobs/{job}', {
          params: { path: { account, job } },
          // A refresh of its own does not count as a person's input.
          headers: { 'Portcullis-Background': '?1' },
          signal,
        }),
      ),
  })

export const isOver = (job: Job | undefined) => job !== undefined && !['queued', 'running'].includes(job.state)
/** A job is looked at so often. */
export const PAUSE = 700

/** Resolves when the job is done; where it was refused, that is thrown. */
async function ended(account: string, id: string) {
  for (;;) {
    const job = await queryClient.fetchQuery({ ...jobQuery(account, id), staleTime: 0 }).catch(unlessPassing)
    if (job?.state === 'done') return
    if (job && isOver(job)) throw refusalOf(job)
    await new Promise((later) => setTimeout(later, PAUSE))
  }
}

/** A job goes on also while the server cannot be asked about it. */
function unlessPassing(error: unknown) {
  const { status = 0 } = problemOf(error) ?? {}
  if (!(error instanceof ServerAway) && status !== 429 && status < 500) throw error
}

/** Why a job did nothing, as a refusal like any other. */
function refusalOf({ result }: Job) {
  if (!result) return new ConsoleError(i18next.t('bulk.jobCanceled'))
  const told = { code: '', detail: '', errors: [], ...result }
  return new Refused({ type: 'about:blank', title: '', status: 409, request_id: '', ...told })
}

const ABOUT_ONE = ['one', 'access', 'sessions', 'mail']

/**
 * Asks again for what is shown of the users. Of whoever is `gone`, because the person sees them no longer, nothing is asked any
 * more: it would be answered with 404.
 */
export const refreshUsers = (account: string, gone?: { id: string; email: string }) =>
  Promise.all([
    queryClient.invalidateQueries({
      queryKey: [account, 'users'],
      predicate: ({ queryKey: [, , part, about] }) =>
        !(gone && ABOUT_ONE.includes(String(part)) && (about === gone.id || about === gone.email)),
    }),
    queryClient.invalidateQueries({ queryKey: [account, 'roles'] }),
    queryClient.invalidateQueries({ queryKey: [account, 'events'] }),
  ])
