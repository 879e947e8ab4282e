import type { Texts } from '../texts'

export const hub: Texts['hub'] = {
  title: 'Ihre Konten',
  text_one: 'Sie haben Zugriff auf {{count}} Konto.',
  text_other: 'Sie haben Zugriff auf {{count}} Konten.',
  emptyTitle: 'Noch keine Konten',
  emptyText:
    'Sie sind angemeldet, aber in keinem Konto aktiver Benutzer. Wenden Sie sich an die Person, die Sie eingeladen hat.',
  needsSignIn: 'Zum Öffnen erneut anmelden',
  nothingHere:
    'Ihre Rolle hier ist {{role}}. Sie benötigen das Admin-Center nicht. Ihre Produkte funktionieren wie gewohnt.',
}
