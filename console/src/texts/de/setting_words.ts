import type { Texts } from '../texts'

export const settingWords: Texts['settingWords'] = {
  'branding/accent_color': 'Akzentfarbe',
  'branding/accent_color/null': 'Standard',
  'seats/limit': 'Platzlimit',
  'seats/limit/null': 'Unbegrenzt',
  'seats/mode': 'Bei Erreichen des Limits',
  'seats/mode/hard': 'Neue Einladungen blockieren',
  'seats/mode/soft': 'Nur warnen',
  'seats/counted_from': 'Ein Platz zählt',
  'seats/counted_from/invitation': 'Ab Einladung',
  'seats/counted_from/activation': 'Ab Aktivierung',
  'sessions/idle_timeout_seconds': 'Leerlaufzeit',
  'sessions/max_length_seconds': 'Maximale Sitzungsdauer',
  'sessions/renew_while_open': 'Sitzung aktiv halten, solange eine Seite geöffnet ist',
  'passwords/min_length': 'Mindestlänge',
  'passwords/min_special': 'Mindestanzahl Sonderzeichen',
  'links/activation_seconds': 'Aktivierungslink',
  'links/password_reset_seconds': 'Link zum Zurücksetzen des Passworts',
}
