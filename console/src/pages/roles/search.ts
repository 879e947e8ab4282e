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
