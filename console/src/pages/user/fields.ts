import type { Schema } from '../../api/client'
import type { User } from '../users/queries'

/** What can be changed of a user. */
export interface Fields extends Record<string, unknown> {
  name: string
  role_id: string
  reach: 'some' | 'all'
  systems: string[]
}

export const fieldsOf = (user: User): Fields => ({
  name: user.name ?? '',
  role_id: user.role.id,
  reach: user.all_systems ? 'all' : 'some',
  systems: user.systems,
})

const sameSet = (a: string[], b: string[]) => a.length === b.length && a.every((value) => b.includes(value))

/** Only what was changed is sent. */
export function wishOf(before: Fields, after: Fields): Schema['UserChange'] {
  const systemsChanged =
    after.reach !== before.reach || (after.reach === 'some' && !sameSet(before.systems, after.systems))
  return {
    ...(after.name.trim() !== before.name && { name: after.name.trim() }),
    ...(after.role_id !== before.role_id && { role_id: after.role_id }),
    ...(systemsChanged && (after.reach === 'all' ? { all_systems: true } : { systems: after.systems })),
  }
}
