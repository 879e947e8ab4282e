export const COLUMN_IDS = [
  'email',
  'name',
  'role',
  'systems',
  'groups',
  'login_method',
  'last_login_at',
  'status',
  'created_at',
] as const

export type ColumnId = (typeof COLUMN_IDS)[number]

/** What the API can sort by. */
export const SORTABLE: ReadonlySet<string> = new Set(['email', 'name', 'role', 'last_login_at', 'status', 'created_at'])

/** What is not shown until somebody chooses it. */
export const HIDDEN_AT_FIRST = { groups: false, created_at: false }
