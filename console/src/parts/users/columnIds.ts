import type { paths } from '../../api/generated/schema'

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

/** An order of the list, as the API names it. */
export type Order = NonNullable<
  NonNullable<paths['/api/v1/accounts/{account}/users']['get']['parameters']['query']>['sort']
>

/** The order that a text names, if it names one. */
export const orderIn = (text: string | undefined) => (text !== undefined && isOrder(text) ? text : undefined)

const isOrder = (text: string): text is Order => SORTABLE.has(text.replace(/^-/, ''))

/** What is not shown until somebody chooses it. */
export const HIDDEN_AT_FIRST = { groups: false, created_at: false }
