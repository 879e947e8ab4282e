/** Whom an operation is for: `x-permission` of the API description. */
export interface Need {
  scope: string
  permission?: string
  level?: string
}

/** What a person holds of each permission: `view`, `edit (own)` … */
export type Levels = Record<string, string>

/** How the levels are called. */
export const LEVEL_TEXTS = {
  none: 'roles.levelNone',
  view: 'roles.levelView',
  limited: 'roles.levelLimited',
  edit: 'roles.levelEdit',
  allowed: 'roles.levelAllowed',
} as const

const STRENGTH: Record<string, number> = { none: 0, view: 1, limited: 2, edit: 3, allowed: 3 }

/** Whether somebody who holds `levels` meets the need; `system` is met by own systems, too. */
export function isMet(need: Need, levels: Levels): boolean {
  if (!need.permission || !need.level) return true
  const [level = 'none', own] = (levels[need.permission] ?? 'none').split(' ')
  const reaches = need.scope === 'system' || own === undefined
  return reaches && (STRENGTH[level] ?? 0) >= (STRENGTH[need.level] ?? 3)
}
