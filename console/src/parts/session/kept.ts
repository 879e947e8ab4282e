import i18next from 'i18next'
import { ConsoleError } from '../../api/problem'
import { prefix } from '../../lib/place'

/** After a sign-in: whether the browser kept the cookie. Where it did not, that is thrown in words. */
export async function requireKept() {
  const { status } = await fetch(`${prefix}/api/v1/me`)
  if (status === 401) throw new ConsoleError(i18next.t('session.notKept'))
}
