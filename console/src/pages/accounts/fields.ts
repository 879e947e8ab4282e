import type { Schema } from '../../api/client'

type Account = Schema['AccountView']
type Wish = Schema['AccountWish']

/** The account as its form has it: one level, so that every field has one name. */
export interface Fields {
  name: string
  slug: string
  seat_limit: number | ''
  seat_mode: Schema['SeatMode']
  seat_taken: Schema['SeatTaken']
  activation_link_seconds: number
  password_reset_link_seconds: number
  idle_timeout_seconds: number
  absolute_timeout_seconds: number
  renew_while_open: boolean
  min_length: number
  min_special: number
  accent: string
}

export const SPANS = [
  'activation_link_seconds',
  'password_reset_link_seconds',
  'idle_timeout_seconds',
  'absolute_timeout_seconds',
] as const

export function fieldsOf({ name, slug, settings }: Account): Fields {
  const { password_policy, seat_limit, accent, ...rest } = settings
  return { name, slug, ...rest, ...password_policy, seat_limit: seat_limit ?? '', accent: accent ?? '' }
}

/** What to send: only what was changed, so that nobody overwrites what they did not touch. */
export function wishOf(changed: Partial<Fields>): Wish {
  const { name, slug, min_length, min_special, seat_limit, accent, ...rest } = changed
  const policy = { ...(min_length !== undefined && { min_length }), ...(min_special !== undefined && { min_special }) }
  const settings = {
    ...rest,
    ...(seat_limit !== undefined && { seat_limit: seat_limit === '' ? null : seat_limit }),
    ...(accent !== undefined && { accent: accent === '' ? null : accent }),
    ...(Object.keys(policy).length > 0 && { password_policy: policy }),
  }
  return {
    ...(name !== undefined && { name }),
    ...(slug !== undefined && { slug }),
    ...(Object.keys(settings).length > 0 && { settings }),
  }
}

/** The form's name of what the server points at: `/settings/password_policy/min_length` is `min_length`. */
export const fieldAt = (pointer: string) => pointer.split('/').at(-1) ?? ''
