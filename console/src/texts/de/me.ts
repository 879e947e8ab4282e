import type { Texts } from '../texts'

export const profile: Texts['profile'] = {
  title: 'Ihr Profil',
  text: 'Eine Anmeldung für alle Ihre Konten.',
  aboutYou: 'Persönliche Angaben',
  emailFixed: 'Mit dieser E-Mail-Adresse melden Sie sich an. Sie kann nicht geändert werden.',
  languageText: 'Für die Konsole und die E-Mails an Sie.',
  sessions: 'Aktive Sitzungen',
  sessionsText: 'Melden Sie Sitzungen ab, die Sie nicht kennen.',
  thisDevice: 'Dieses Gerät',
  lastActive: 'zuletzt aktiv',
  signedIn: 'angemeldet',
  unknownBrowser: 'Unbekannter Browser',
  signOutOne: 'Abmelden',
  signedOutOne: 'Sitzung abgemeldet.',
  signOutAll: 'Überall abmelden',
  signOutAllText: 'Sie werden in allen Browsern abgemeldet, auch in diesem. Danach melden Sie sich erneut an.',
  password: 'Passwort',
  passwordText: 'Wenn Sie das Passwort ändern, werden Sie überall sonst abgemeldet.',
  currentPassword: 'Aktuelles Passwort',
  changePassword: 'Passwort ändern',
  passwordChanged: 'Passwort geändert.',
}
