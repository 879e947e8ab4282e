import { useTranslation } from 'react-i18next'
import { actions } from '../../api/generated/actions'
import type { Schema } from '../../api/client'

export type Target = Schema['EventTargetView']

/** The actions that people filter by: all that there are. */
export const ACTIONS: readonly Schema['Action'][] = actions

const isAction = (word: string): word is Schema['Action'] => ACTIONS.some((action) => action === word)

/** What happened, in words; the server's own word where it is newer than this page. */
export function useActionWords() {
  const { t } = useTranslation()
  return (action: string) => (isAction(action) ? t(`actions.${action}`) : action)
}

/** What something was done to: by its name, and where it has none by what it is. */
export function useTargetName() {
  const { t } = useTranslation()
  return ({ label, kind }: Pick<Target, 'kind' | 'label'>) => label || t(`activity.target_${kind}`)
}
