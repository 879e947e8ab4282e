import { useTranslation } from 'react-i18next'

/** What happened, in words; the server's own word where the console knows none. */
export function useActionWords() {
  const { t, i18n } = useTranslation()
  return (action: string) => {
    const key = `activity.action_${action.replace('.', '_')}`
    return i18n.exists(key) ? t(key as 'activity.title') : action
  }
}

/** The actions that people filter by, most asked first. */
export const ACTIONS = [
  'user.invited', 'user.activated', 'user.changed', 'user.disabled', 'user.enabled', 'user.deleted', 'user.restored',
  'user.signed_out', 'invitation.resent', 'invitation.withdrawn', 'session.started', 'session.ended', 'session.all_ended',
  'password.changed', 'password.reset', 'password.reset_requested', 'account.changed', 'account.logo_changed', 'account.logo_removed', 'system.created', 'system.renamed',
  'identity.changed', 'users.exported', 'events.exported',
] // prettier-ignore
