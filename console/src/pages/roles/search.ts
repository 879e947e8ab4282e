import { CHOICES } from '../../parts/users/tabs'

export interface RolesSearch {
  tab?: 'custom' | undefined
  role?: string | undefined
}

export function rolesSearch(search: Record<string, unknown>): RolesSearch {
  return {
    tab: search.tab === 'custom' ? 'custom' : undefined,
    role: typeof search.role === 'string' && search.role ? search.role : undefined,
  }
}

/** The list of everybody who holds a role: as many as the role counts, inactive users included. */
export const holdersOf = (role: string) => ({ role, status: CHOICES.users.join(',') })
