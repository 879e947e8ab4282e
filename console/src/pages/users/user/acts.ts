import { api } from '../../../api/client'

export type Act = 'resend' | 'revoke' | 'reset_password' | 'enable' | 'disable' | 'restore' | 'delete'

/** The code of what the person's role never permits, whoever it is about: that is not offered at all. */
export const NEVER = 'permission_missing'

/** What takes an act back. */
export const BACK: Partial<Record<Act, Act>> = {
  disable: 'enable',
  enable: 'disable',
  delete: 'restore',
  restore: 'delete',
}

const ADDRESSES = {
  resend: '/api/v1/accounts/{account}/users/{user}/resend',
  revoke: '/api/v1/accounts/{account}/users/{user}/revoke',
  reset_password: '/api/v1/accounts/{account}/users/{user}/reset-password',
  enable: '/api/v1/accounts/{account}/users/{user}/enable',
  disable: '/api/v1/accounts/{account}/users/{user}/disable',
  restore: '/api/v1/accounts/{account}/users/{user}/restore',
} as const

/** Does it, or with `dry_run` says what it would do. */
export async function perform(act: Act, account: string, user: string, dry_run: boolean, headers = {}) {
  const params = { path: { account, user }, query: { dry_run } }
  const answer =
    act === 'delete'
      ? await api.DELETE('/api/v1/accounts/{account}/users/{user}', { params })
      : await api.POST(ADDRESSES[act], { params, headers })
  // Some answers have no body, and a query must have something.
  return answer.data ?? null
}
