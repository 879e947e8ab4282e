import type { Texts } from '..'

export const impact: Texts['impact'] = {
  lose_one: '{{count}} Person verliert den Zugang zum Konto',
  lose_other: '{{count}} Personen verlieren den Zugang zum Konto',
  gain_one: '{{count}} Person bekommt Zugang zum Konto',
  gain_other: '{{count}} Personen bekommen Zugang zum Konto',
  others_one: '{{count}} weitere Person',
  others_other: '{{count}} weitere',
  invitationsLost_one: '{{count}} offene Einladung funktioniert nicht mehr',
  invitationsLost_other: '{{count}} offene Einladungen funktionieren nicht mehr',
  takeOver: 'Ein anderer Admin kann sie erneut senden.',
  invitationsSent_one: '{{count}} Person erhält eine neue Einladung',
  invitationsSent_other: '{{count}} Personen erhalten eine neue Einladung',
  invitationsUnsent_one:
    '{{count}} Person erhält jetzt keine neue Einladung, weil zu viele E-Mails gesendet wurden; senden Sie sie später erneut',
  invitationsUnsent_other:
    '{{count}} Personen erhalten jetzt keine neue Einladung, weil zu viele E-Mails gesendet wurden; senden Sie sie später erneut',
  ended: 'Endet sofort: {{what}}',
  sessions_one: '{{count}} Sitzung',
  sessions_other: '{{count}} Sitzungen',
  keys_one: '{{count}} API-Schlüssel',
  keys_other: '{{count}} API-Schlüssel',
  links_one: '{{count}} Link aus einer Mail',
  links_other: '{{count}} Links aus Mails',
  systemsLost_one: '{{count}} Person verliert {{system}}',
  systemsLost_other: '{{count}} Personen verlieren {{system}}',
  systemsGained_one: '{{count}} Person bekommt {{system}}',
  systemsGained_other: '{{count}} Personen bekommen {{system}}',
  permissionLost_one: '{{count}} Person verliert {{permission}}:',
  permissionLost_other: '{{count}} Personen verlieren {{permission}}:',
  permissionGained_one: '{{count}} Person gewinnt {{permission}}:',
  permissionGained_other: '{{count}} Personen gewinnen {{permission}}:',
}
