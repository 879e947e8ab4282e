/** Why somebody is at the sign-in page: the server's codes for sessions that ended, then what the console's own pages say. */
const WHYS = [
  'session_expired',
  'access_ended',
  'signed_out_by_admin',
  'signed_out',
  'password_changed',
  'signed_in_again',
  'too_many_sessions',
  'left',
  'left_everywhere',
  'reset_done',
  'activated',
] as const

export type Why = (typeof WHYS)[number]

/** The address carries such a word and never a sentence: no link makes the sign-in page say what its sender likes. */
export const whyIn = (word: unknown): Why | undefined => WHYS.find((known) => known === word)

/** Why the server lets nobody in any more. */
export const whyOf = (code: string): Why => whyIn(code) ?? 'session_expired'
