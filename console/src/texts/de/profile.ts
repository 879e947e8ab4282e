import type { Texts } from '../texts'

export const profile: Texts['profile'] = {
  title: 'Ihr Profil',
  text: 'Eine Anmeldung für alle Ihre Konten.',
  aboutYou: 'Über Sie',
  emailFixed: 'Mit dieser Adresse melden Sie sich an. Sie bleibt für immer.',
  languageText: 'Der Seiten hier und der Mails, die Sie bekommen.',
  sessions: 'Wo Sie angemeldet sind',
  sessionsText: 'Melden Sie ab, was Sie nicht kennen.',
  thisDevice: 'Dieses Gerät',
  lastActive: 'zuletzt aktiv',
  signedIn: 'angemeldet',
  unknownBrowser: 'Unbekannter Browser',
  signOutOne: 'Abmelden',
  signedOutOne: 'Dort abgemeldet.',
  signOutAll: 'Überall abmelden',
  signOutAllText: 'Jeder Browser wird abgemeldet, auch dieser. Danach melden Sie sich neu an.',
  password: 'Passwort',
  passwordText: 'Danach sind Sie überall sonst abgemeldet.',
  currentPassword: 'Bisheriges Passwort',
  changePassword: 'Passwort ändern',
  passwordChanged: 'Ihr Passwort ist geändert.',
}
