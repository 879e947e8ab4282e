import type { Answers } from '../answers'

/** What the server answers, by its code; `code_reason` where one code has several reasons. */
export const answers: Answers = {
  access_changed:
    'Ihr Zugriff wurde soeben geändert. Laden Sie die Seite neu und wiederholen Sie, was Sie noch dürfen.',
  access_ended:
    'Ein Admin hat Ihren Zugriff beendet, daher sind Sie abgemeldet. Fragen Sie nach, wenn das ein Irrtum ist.',
  account_not_entered:
    'Seit Ihrer Anmeldung haben Sie dieses Konto noch nicht benutzt, und eine Seite, die von selbst nachfragt, beginnt das nicht. Öffnen Sie das Konto und tun Sie dort etwas.',
  address_changes:
    'Adressen mit dem alten Namen gelten ab sofort nicht mehr, und ein anderes Konto kann ihn übernehmen. Adressen mit dem neuen Namen oder der Id des Kontos gelten.',
  all_systems: 'Ob jemand alle Systeme hat, entscheidet, wer Benutzer im ganzen Konto verwaltet.',
  already_done: 'Diese Anfrage wurde bereits ausgeführt; ihre Antwort wird nicht noch einmal gezeigt.',
  already_invited: 'Diese Person ist schon eingeladen. Senden Sie die Einladung stattdessen erneut.',
  already_user: 'Diese Person ist schon Benutzer des Kontos. Ändern Sie stattdessen den Benutzer.',
  api_key_invalid:
    'Dieser API-Schlüssel gilt nicht: Er ist unbekannt, abgelaufen oder wurde beendet. Verwenden Sie einen gültigen.',
  body_too_large: 'Das ist zu groß für eine einzelne Anfrage. Teilen Sie es auf.',
  breached:
    'Dieses Passwort ist aus Datenlecks bekannt oder ähnelt einem solchen zu sehr. Wählen Sie ein anderes, zum Beispiel vier zufällige Wörter.',
  contradiction: 'Einzelne Systeme und alle Systeme schließen sich aus. Wählen Sie eines von beiden.',
  control_characters: 'Der Text enthält Steuerzeichen. Entfernen Sie sie; Zeilenumbrüche und Tabulatoren sind erlaubt.',
  credential_ended: 'Womit dies begonnen wurde, gilt nicht mehr. Melden Sie sich neu an und beginnen Sie noch einmal.',
  cross_site:
    'Diese Anfrage kam von einer anderen Website. Öffnen Sie die Seite hier und versuchen Sie es noch einmal.',
  dead_link:
    'Dieser Link ist unbekannt, abgelaufen, schon benutzt oder zurückgezogen. Lassen Sie sich einen neuen senden.',
  deleted_user: 'Diese Person war Benutzer und wurde gelöscht. Stellen Sie den Benutzer stattdessen wieder her.',
  doubled: 'Jemand steht zweimal in der Liste. Nennen Sie jede Person einmal.',
  duplicate: 'Diese Adresse steht weiter oben schon in der Liste. Entfernen Sie sie hier.',
  email_immutable:
    'Die E-Mail-Adresse eines Benutzers lässt sich nicht ändern. Laden Sie die neue ein und löschen Sie diesen Benutzer.',
  environment_needed: 'Nennen Sie die Umgebung des Systems.',
  filtered_chain:
    'Mit JSON Lines wird das Protokoll geprüft, und dafür braucht es alle Einträge. Lassen Sie den Filter weg oder exportieren Sie als CSV.',
  foreign_host_in_development: 'Dieser Server läuft im Entwicklungsmodus und antwortet nur auf diesem Rechner.',
  forwarded_in_development: 'Dieser Server läuft im Entwicklungsmodus und nimmt keine weitergeleiteten Anfragen an.',
  has_all_systems:
    'Diese Person hat alle Systeme des Kontos, daher lässt sich ein einzelnes nicht entziehen. Weisen Sie ihr zuerst einzelne zu.',
  idempotency_key_in_use:
    'Diese Anfrage wurde soeben ausgeführt. Senden Sie sie noch einmal, um ihre Antwort zu erhalten.',
  idempotency_key_reused: 'Dieser Idempotency-Key gehört zu einer anderen Anfrage. Wählen Sie einen neuen.',
  ids_or_filter: 'Sagen Sie, wen es betrifft: entweder einzelne Benutzer oder einen Filter.',
  internal:
    'Auf unserer Seite ist etwas kaputt, und nichts wurde geändert. Nennen Sie dem Betreiber die Nummer der Anfrage.',
  invalid_cursor: 'Die Liste hat sich geändert. Beginnen Sie von vorn.',
  invalid_filter: 'Dieser Filter lässt sich nicht anwenden.',
  invalid_header: 'Eine Kopfzeile der Anfrage ist ungültig.',
  invalid_parameter: 'Eine Angabe in der Adresse ist ungültig.',
  invalid_query: 'Diese Ansicht lässt sich so nicht speichern.',
  invalid_settings: 'Einige Einstellungen passen nicht; bei jeder steht, warum.',
  invalid_value: 'Dieser Wert passt hier nicht.',
  invited: 'Die Person wird eingeladen.',
  is_email: 'Das Passwort besteht aus Ihrer E-Mail-Adresse. Wählen Sie eines, das nichts mit ihr zu tun hat.',
  job_given_up:
    'Diese Arbeit ist mehrmals abgebrochen und wurde aufgegeben. Nichts wurde geändert; beginnen Sie sie neu.',
  job_not_queued: 'Diese Arbeit lässt sich nicht mehr abbrechen; das geht nur, solange sie wartet.',
  key_replaced: 'Der Schlüssel der Installation wurde soeben von jemand anderem ersetzt.',
  last_admin: 'Das ist der letzte aktive Admin. Machen Sie zuerst jemand anderen zum Admin.',
  level_too_low: 'Die Rolle umfasst diese Berechtigung nur in geringerem Umfang. Eine andere Rolle ist nötig.',
  link_expired: 'Dieser Link ist abgelaufen. Lassen Sie sich einen neuen senden.',
  link_inviter_lost:
    'Wer Sie eingeladen hat, darf das nicht mehr. Bitten Sie einen Admin des Kontos um eine neue Einladung.',
  link_replaced:
    'Dieser Link wurde durch einen neueren ersetzt. Verwenden Sie den in der neuesten E-Mail oder lassen Sie sich einen neuen senden.',
  link_used:
    'Dieser Link wurde schon benutzt, und jeder gilt nur einmal. Melden Sie sich an oder lassen Sie sich einen neuen senden.',
  link_withdrawn: 'Dieser Link wurde zurückgezogen. Fragen Sie einen Admin des Kontos.',
  logo_too_large: 'Das Bild hat mehr als {{max}} Bytes. Machen Sie es kleiner; einige Hundert Pixel genügen.',
  longer_than_absolute:
    'Diese Zeit ist länger als die längste Dauer einer Sitzung ({{max}}) und damit ohne Wirkung. Wählen Sie eine kürzere.',
  malformed_json: 'Die Anfrage ist kein gültiges JSON.',
  method_not_allowed: 'Das ist unter dieser Adresse nicht möglich.',
  missing_field: 'Eine Angabe fehlt.',
  mixed_statuses:
    'Die Auswahl enthält verschiedene Status, daher wurde nichts geändert. Wählen Sie nur Benutzer, deren Status dies erlaubt.',
  name_for_several:
    'Ein Name lässt sich nur für eine einzelne Person angeben. Schreiben Sie die anderen so: Ana Lopez <ana@example.com>.',
  new_activation_links_only:
    'Links in schon gesendeten Einladungen behalten ihre Frist; die neue gilt ab der nächsten E-Mail.',
  new_passwords_only: 'Die Regel gilt für Passwörter, die von nun an gewählt werden; die jetzigen bleiben.',
  new_reset_links_only:
    'Schon gesendete Links für ein neues Passwort behalten ihre Frist; die neue gilt ab der nächsten E-Mail.',
  no_addresses: 'Hierin ist keine Adresse. Geben Sie mindestens eine ein.',
  no_password: 'Diese Person meldet sich per SSO an und hat hier kein Passwort.',
  no_special:
    'Das Passwort enthält zu wenige Sonderzeichen. Verwenden Sie mindestens {{min}}, etwa ! # ? oder ein Leerzeichen.',
  nobody: 'Das betrifft niemanden. Wählen Sie mindestens einen Benutzer.',
  not_all_invited: 'Nicht alle diese Adressen können eingeladen werden, daher wurde niemand eingeladen.',
  not_an_address: 'Das ist keine E-Mail-Adresse.',
  not_an_address_domain: 'Der Teil nach dem @ ist keine gültige Domain. Schreiben Sie ihn wie example.com.',
  not_an_address_domain_without_dot:
    'Der Teil nach dem @ enthält keinen Punkt. Schreiben Sie die ganze Domain, wie example.com.',
  not_an_address_empty: 'Geben Sie eine E-Mail-Adresse ein.',
  not_an_address_foreign_local_part:
    'An Adressen mit diesen Zeichen vor dem @ kann keine E-Mail gesendet werden. Verwenden Sie eine andere Adresse dieser Person.',
  not_an_address_hidden_character:
    'Darin steht ein unsichtbares Zeichen. Tippen Sie die Adresse ein, statt sie einzufügen.',
  not_an_address_local_part:
    'Der Teil vor dem @ ist ungültig. Erlaubt sind Buchstaben, Ziffern und einzelne Punkte, keine Klammern oder Kommas.',
  not_an_address_local_part_too_long: 'Der Teil vor dem @ ist zu lang; möglich sind höchstens 64 Zeichen.',
  not_an_address_look_alike_at: 'Ein Zeichen sieht nur aus wie ein @. Tippen Sie ein gewöhnliches @.',
  not_an_address_missing_at: 'Darin fehlt das @. Schreiben Sie die Adresse wie ana@example.com.',
  not_an_address_other_column:
    'Das ist vielleicht die Adresse von jemand anderem. Fügen Sie sie einzeln hinzu, wenn diese Person gemeint ist.',
  not_an_address_quoted_local_part:
    'Adressen in Anführungszeichen werden nicht unterstützt. Verwenden Sie eine andere Adresse dieser Person.',
  not_an_address_several_ats: 'Darin steht mehr als ein @. Schreiben Sie jede Adresse für sich.',
  not_an_address_space: 'Darin steht ein Leerzeichen. Entfernen Sie es.',
  not_an_address_symbol: 'Darin steht ein Zeichen, das in keiner Adresse vorkommt. Entfernen Sie es.',
  not_an_address_too_long: 'Diese Adresse ist zu lang; möglich sind höchstens 254 Zeichen.',
  not_an_address_unclear_column:
    'Nichts sagt, in welcher Spalte dieser Tabelle die eigene Adresse jeder Person steht. Wählen Sie die Spalte.',
  not_an_image:
    'Das ist seinem Inhalt nach kein PNG, WebP oder JPEG. Speichern Sie das Logo in einem dieser Formate; SVG wird nicht angenommen, weil es Skripte enthalten kann.',
  not_expected: 'Das wird hier nicht gebraucht. Lassen Sie es weg.',
  not_found: 'Das gibt es hier nicht. Vielleicht wurde es entfernt, oder die Adresse stimmt nicht.',
  not_needed: 'Diese Angabe gehört zu einer anderen Aktion. Lassen Sie sie weg.',
  one_or_many: 'Stellen Sie entweder eine einzelne Frage oder eine Liste von Fragen.',
  oneself: 'Das sind Sie selbst. Bitten Sie einen anderen Admin darum, damit sich niemand versehentlich aussperrt.',
  other_environment: 'Die Person hat dieses System, aber nicht in dieser Umgebung.',
  out_of_range: 'Möglich ist: {{min}} bis {{max}}.',
  outcome_unknown:
    'Die Datenbank ging im letzten Augenblick verloren; ob dies geschehen ist, ist unbekannt. Sehen Sie nach, bevor Sie es wiederholen.',
  outside_seats: 'Für diese Person ist kein Platz mehr frei. Geben Sie einen frei oder lassen Sie die Grenze erhöhen.',
  over_seat_limit: 'Mehr Plätze sind belegt, als die Grenze erlaubt. Niemand verliert den Zugriff.',
  own_system: 'Die Rolle umfasst dies, und die Person hat das System.',
  own_systems_only: 'Die Rolle umfasst dies nur für eigene Systeme. Nennen Sie das System.',
  password_changed:
    'Ihr Passwort wurde geändert, daher sind Sie abgemeldet. Melden Sie sich mit dem neuen an, oder setzen Sie es zurück, wenn Sie das nicht waren.',
  password_refused: 'Dieses Passwort erfüllt die Regeln nicht. Wählen Sie ein anderes.',
  permission_missing: 'Ihre Rolle umfasst das nicht. Fragen Sie einen Admin des Kontos.',
  query_too_slow:
    'Das zu finden dauert länger, als eine Anfrage dauern darf. Fragen Sie nach weniger, etwa nach einem kürzeren Zeitraum, einem System oder einem längeren Suchtext.',
  rate_limited: 'Das waren zu viele Anfragen. Warten Sie {{retry_after}} und versuchen Sie es noch einmal.',
  repeated_parameter: 'Eine Angabe steht zweimal in der Adresse.',
  required: 'Diese Angabe fehlt.',
  restore_too_late:
    'Dieser Benutzer wurde vor mehr als 30 Tagen gelöscht und lässt sich nicht wiederherstellen. Laden Sie die Adresse neu ein.',
  role_above_own:
    'Diese Rolle umfasst mehr als Ihre eigene. Bitten Sie jemanden darum, dessen Rolle mindestens so viel umfasst.',
  same_key: 'Das ist der Schlüssel, den die Installation schon hat.',
  same_password: 'Das ist Ihr jetziges Passwort. Wählen Sie ein anderes.',
  seat_limit:
    'Im Konto sind nicht genug Plätze frei. Geben Sie welche frei, indem Sie Benutzer deaktivieren oder Einladungen zurückziehen, oder lassen Sie die Grenze erhöhen.',
  session_expired:
    'Ihre Sitzung ist zu Ende: Lange geschah nichts, oder die Anmeldung liegt zu weit zurück. Melden Sie sich neu an.',
  sessions_end: 'Sitzungen enden in diesem Konto sofort; diese Personen melden sich neu an.',
  sign_in_required: 'Melden Sie sich zuerst an.',
  signed_in_again:
    'In diesem Browser hat sich jemand neu angemeldet; damit endete diese Sitzung. Melden Sie sich neu an.',
  signed_out: 'Sie haben sich abgemeldet, hier oder von einem anderen Browser aus. Melden Sie sich neu an.',
  signed_out_by_admin: 'Ein Admin hat Sie abgemeldet. Melden Sie sich neu an.',
  slug_taken: 'Diesen Namen verwendet schon ein anderes Konto. Wählen Sie einen anderen.',
  stale:
    'Jemand anderes hat das geändert, seit Sie es geladen haben. Laden Sie es neu, sehen Sie sich den Unterschied an und wiederholen Sie Ihre Änderung.',
  starter_without_access: 'Wer dies begonnen hat, darf es nicht mehr. Nichts wurde geändert.',
  system_missing: 'Die Person hat dieses System nicht. Weisen Sie es direkt oder durch eine Gruppe zu.',
  system_name_taken: 'Ein System mit diesem Namen gibt es in diesem Konto schon. Wählen Sie einen anderen Namen.',
  system_needed: 'Das gilt je System. Nennen Sie das System.',
  system_not_own:
    'Sie können nur Systeme zuweisen, die Sie selbst haben. Bitten Sie jemanden darum, der Benutzer im ganzen Konto verwaltet.',
  systems_only: 'Sie können bei dieser Person nur Ihre eigenen Systeme ändern.',
  timed_out: 'Das hat zu lange gedauert. Versuchen Sie es gleich noch einmal.',
  to_before_from: 'Das Ende liegt vor dem Anfang.',
  too_long: 'Das ist zu lang; möglich sind höchstens {{max}} Zeichen.',
  too_many: 'Das sind zu viele auf einmal.',
  too_many_addresses: 'Diese Liste enthält zu viele Adressen für eine Anfrage. Teilen Sie sie auf.',
  too_many_at_once:
    'Von Ihnen oder Ihrem Konto wird schon etwas beantwortet, das dauert. Warten Sie, bis es so weit ist.',
  too_many_checks: 'Das sind zu viele Fragen auf einmal. Stellen Sie sie nacheinander.',
  too_many_grants: 'Das wären zu viele Zuweisungen auf einmal. Wählen Sie weniger Personen oder Systeme.',
  too_many_jobs:
    'In diesem Konto warten schon zu viele Hintergrundaufträge. Warten Sie, bis einer davon beginnt, oder brechen Sie einen ab.',
  too_many_lines: 'Der Text hat {{lines}} Zeilen; möglich sind höchstens {{max}}. Fassen Sie einige zusammen.',
  too_many_mails: 'An diese Adresse gingen zuletzt schon zu viele E-Mails. Versuchen Sie es später noch einmal.',
  too_many_pixels:
    'Das Bild hat {{width}} × {{height}} Pixel; möglich sind höchstens {{max}} × {{max}}. Machen Sie es kleiner.',
  too_many_rows: 'Das sind zu viele Benutzer auf einmal. Wählen Sie weniger.',
  too_many_sessions:
    'Sie haben sich seither in so vielen anderen Browsern angemeldet, dass dieser, der älteste, abgemeldet wurde. Melden Sie sich neu an.',
  too_many_sign_ins:
    'Zu viele Anmeldungen sind fehlgeschlagen. Warten Sie {{retry_after}} und versuchen Sie es noch einmal, oder wählen Sie „Passwort vergessen“.',
  too_many_views: 'Mehr gespeicherte Ansichten sind nicht möglich. Löschen Sie eine, die Sie nicht brauchen.',
  too_short: 'Das Passwort ist zu kurz. Verwenden Sie mindestens {{min}} Zeichen.',
  unavailable:
    'Das lässt sich gerade nicht beantworten, und nichts wurde geändert. Versuchen Sie es in einigen Sekunden noch einmal.',
  unclear_column:
    'Nichts sagt, in welcher Spalte dieser Tabelle die eigene Adresse jeder Person steht. Wählen Sie die Spalte.',
  unknown_environment: 'Das System hat keine solche Umgebung.',
  unknown_field: 'Eine Angabe ist unbekannt.',
  unknown_level: 'Diese Stufe gibt es bei dieser Berechtigung nicht.',
  unknown_parameter: 'Eine Angabe in der Adresse ist unbekannt.',
  unknown_permission: 'Diese Berechtigung gibt es nicht.',
  unknown_role: 'Diese Rolle gibt es im Konto nicht. Wählen Sie eine aus der Liste.',
  unknown_system: 'Dieses System gibt es im Konto nicht. Wählen Sie eines aus der Liste.',
  unknown_user: 'Diesen Benutzer gibt es im Konto nicht, oder Sie dürfen nicht nach ihm fragen.',
  unreadable_body: 'Die Anfrage brach ab. Senden Sie sie noch einmal.',
  unreadable_job: 'Was hier geschehen sollte, lässt sich nicht lesen. Beginnen Sie es neu.',
  unsupported_media_type: 'Dieses Format wird hier nicht angenommen.',
  user_above_own:
    'Die Rolle dieser Person umfasst mehr als Ihre eigene. Bitten Sie jemanden darum, dessen Rolle mindestens so viel umfasst.',
  user_deleted: 'Der Benutzer ist gelöscht. Stellen Sie ihn zuerst wieder her.',
  user_inactive: 'Der Benutzer ist deaktiviert. Aktivieren Sie ihn zuerst.',
  user_provisioned: 'Die Person wurde eingeladen und hat ihren Zugang noch nicht aktiviert.',
  view_name_taken: 'Eine Ansicht mit diesem Namen haben Sie schon. Wählen Sie einen anderen Namen.',
  whole_account: 'Die Rolle umfasst dies im ganzen Konto.',
  wrong_credentials:
    'Adresse oder Passwort sind falsch, oder für diese Adresse gibt es keinen Zugang. Prüfen Sie beides, oder wählen Sie „Passwort vergessen“.',
  wrong_key: 'Diese Datenbank gehört zu einer Installation mit einem anderen Schlüssel.',
  wrong_password: 'Das ist nicht Ihr jetziges Passwort.',
  wrong_status: 'Der Status dieser Person lässt das nicht zu.',
}
