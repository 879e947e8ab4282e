import { useTranslation } from 'react-i18next'
import { actions } from '../../api/generated/actions'
import type { Schema } from '../../api/client'

export type Target = Pick<Schema['EventTargetView'], 'kind' | 'label'> & { id: string }

/** What happened, in words; the server's own word where the console knows none. */
export function useActionWords() {
  const { t, i18n } = useTranslation()
  return (action: string) => {
    const key = `activity.action_${action.replace('.', '_')}`
    return i18n.exists(key) ? t(key as 'activity.title') : action
  }
}

/** What something was done to: by its name, and where it has none by what it is. */
export function useTargetName() {
  const { t, i18n } = useTranslation()
  return ({ label, kind }: Pick<Target, 'kind' | 'label'>) => {
    const key = `activity.target_${kind}`
    return label || (i18n.exists(key) ? t(key as 'activity.title') : kind)
  }
}

/** The actions that people filter by: all that there are. */
export const ACTIONS: readonly string[] = actions
