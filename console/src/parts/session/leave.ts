import { problemOf } from '../../api/problem'
import { prefix } from '../../lib/place'
import { remembered } from '../../lib/remembered'
import { leaveFor } from '../../lib/typed'
import type { Why } from '../../api/why'

/** Ends sessions and leaves for the sign-in page with nothing of the person left behind. What has ended already is no obstacle. */
export async function leave(end: () => Promise<unknown>, why: Why) {
  await end().catch((error: unknown) => {
    if (problemOf(error)?.status !== 401) throw error
  })
  remembered.set('jobs', {})
  return leaveFor(`${prefix}/sign-in?why=${why}`)
}
