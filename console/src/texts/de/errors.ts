import type { Texts } from '..'

export const errors: Texts['errors'] = {
  too_short: 'Das Passwort ist zu kurz.',
  no_special: 'Das Passwort enthält zu wenige Sonderzeichen.',
  breached:
    'Dieses Passwort ist aus Datenlecks bekannt oder ähnelt einem solchen zu sehr. Wählen Sie ein anderes, zum Beispiel vier zufällige Wörter.',
  is_email: 'Das Passwort besteht aus Ihrer E-Mail-Adresse. Wählen Sie eines, das nichts mit ihr zu tun hat.',
  same_password: 'Das ist Ihr jetziges Passwort. Wählen Sie ein anderes.',
  wrong_password: 'Das ist nicht Ihr jetziges Passwort.',
}
