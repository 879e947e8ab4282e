import type { Texts } from '../texts'

export const hub: Texts['hub'] = {
  title: 'Ihre Konten',
  text_one: 'Sie sind in {{count}} Konto.',
  text_other: 'Sie sind in {{count}} Konten.',
  emptyTitle: 'Noch kein Konto',
  emptyText:
    'Sie sind angemeldet, aber in keinem Konto aktiver Benutzer. Fragen Sie die Person, die Sie eingeladen hat.',
  needsSignIn: 'Zum Öffnen erneut anmelden',
  nothingHere:
    'Ihre Rolle hier ist {{role}}. Für sie gibt es im Admin-Center keine Seiten; die Produkte dieses Kontos stehen Ihnen offen wie bisher.',
}
