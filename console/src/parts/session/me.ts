import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { needs } from '../../api/generated/needs'
import { LEVEL_TEXTS, type Levels, type Need, isMet } from '../../api/need'
import { myAccountsQuery, permissionsQuery } from '../../api/queries'

export type Operation = keyof typeof needs

/** The account that the address names, as the person's own list has it; none outside of accounts and in foreign ones. */
export function useAccountIfAny() {
  const { account } = useParams({ strict: false }) as { account?: string }
  const { data } = useSuspenseQuery(myAccountsQuery)
  return data.find(({ slug, id }) => slug === account || id === account)
}

/** The same on a page of an account, which nobody reaches without one. */
export function useAccount() {
  const found = useAccountIfAny()
  if (!found) throw new Error('the route lets nobody in without an account')
  return found
}

// An operation that this server does not have is nobody's.
const mayWith = (levels: Levels | undefined) => (operation: Operation) =>
  levels !== undefined && operation in needs && isMet(needs[operation] as Need, levels)

/** Whether the person may call an operation in this account. */
export const useMay = () => mayWith(useAccount().levels)

/** The same where there may be no account, in which nobody may do anything. */
export const useMayHere = () => mayWith(useAccountIfAny()?.levels)

/** Why the person may not call an operation, to be said at its control; `undefined` when they may. */
export function useWhyNot(operation: Operation): string | undefined {
  const { t } = useTranslation()
  const may = useMay()
  const { slug } = useAccount()
  const isAllowed = may(operation)
  const { data: permissions } = useQuery({ ...permissionsQuery(slug), enabled: !isAllowed })
  if (isAllowed) return undefined
  const { permission, level } = (needs[operation] as Need | undefined) ?? {}
  const name = permissions?.find(({ key }) => key === permission)?.name ?? permission
  const word = t(LEVEL_TEXTS[level as keyof typeof LEVEL_TEXTS] ?? LEVEL_TEXTS.edit)
  return t('common.needsPermission', { permission: `${name}: ${word}` })
}
