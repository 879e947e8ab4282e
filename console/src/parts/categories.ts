import type { Schema } from '../api/client'

type Permission = Schema['PermissionView']

export const CATEGORIES = ['administrative', 'content', 'data', 'publishing'] as const

/** The permissions by category, in the catalog's order; categories without one are left out. */
export function byCategory(permissions: Permission[]) {
  return CATEGORIES.map((category) => ({
    category,
    permissions: permissions.filter((permission) => permission.category === category),
  })).filter(({ permissions }) => permissions.length > 0)
}
