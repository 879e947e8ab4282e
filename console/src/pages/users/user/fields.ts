import type { Schema } from '../../../api/client'
import type { User } from '../queries'

/** What can be changed of a user. */
export interface Fields {
  name: string
  role_id: string
  systems: 'all' | string[]
}

export const fieldsOf = (user: User): Fields => ({
  name: user.name ?? '',
  role_id: user.role.id,
  systems: user.all_systems ? 'all' : user.systems,
})

/** What to send: only what was changed. */
export const wishOf = ({ systems, ...change }: Partial<Fields>): Schema['UserChange'] => ({
  ...change,
  ...(systems && (systems === 'all' ? { all_systems: true } : { systems })),
})
