import type { Schema } from '../../api/client'
import { prefix } from '../../lib/place'

/** Whether the session of this browser opens an address of the console. It is asked in the background: nobody did anything there yet. */
export async function isSignedInFor(address: string): Promise<boolean> {
  const headers = { 'Portcullis-Background': '?1' }
  const answer = await fetch(`${prefix}/api/v1/me/accounts`, { headers }).catch(() => undefined)
  if (!answer?.ok) return false
  const { items } = (await answer.json()) as { items: Schema['MyAccount'][] }
  const [, name] = /^\/accounts\/([^/?#]+)/.exec(address) ?? []
  return !items.find(({ slug, id }) => slug === name || id === name)?.needs_sign_in
}
