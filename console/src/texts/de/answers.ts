import type { Answers } from '../answers'

/** What the server answers, by its code; `code_reason` where one code has several reasons. */
export const answers: Answers = {
  access_changed: 'Ihr Zugriff wurde soeben geändert. Laden Sie die Seite neu und versuchen Sie es erneut.',
  access_ended:
    'Ein Admin hat Ihren Zugriff beendet, daher sind Sie abgemeldet. Fragen Sie nach, wenn das ein Fehler ist.',
  account_not_opened:
    'Sie haben dieses Konto seit Ihrer Anmeldung noch nicht geöffnet, und automatische Abfragen zählen nicht. Öffnen Sie das Konto und führen Sie dort eine Aktion aus.',
  all_systems: 'Nur wer Benutzer im ganzen Konto verwaltet, kann alle Systeme zuweisen oder entziehen.',
  already_invited: 'Diese Person ist bereits eingeladen. Senden Sie die Einladung stattdessen erneut.',
  already_processed: 'Diese Anfrage wurde bereits ausgeführt. Die Antwort wird nicht noch einmal angezeigt.',
  already_user: 'Bereits Mitglied des Kontos. Bearbeiten Sie stattdessen das Profil des Benutzers.',
  ambiguous_column:
    'In welcher Spalte die eigene Adresse jeder Person steht, ist nicht erkennbar. Wählen Sie die Spalte.',
  api_key_invalid: 'Dieser API-Schlüssel ist unbekannt, abgelaufen oder widerrufen. Verwenden Sie einen gültigen.',
  body_incomplete: 'Die Anfrage wurde unterbrochen. Senden Sie sie erneut.',
  body_too_large: 'Die Anfrage ist zu groß. Teilen Sie sie auf.',
  body_too_slow:
    'Die Anfrage kam zu langsam an, daher wurde nichts getan. Senden Sie sie über eine schnellere Verbindung erneut.',
  breached:
    'Dieses Passwort ist aus Datenlecks bekannt oder einem solchen zu ähnlich. Wählen Sie ein anderes, zum Beispiel vier zufällige Wörter.',
  cannot_target_self:
    'Das sind Sie selbst. Bitten Sie einen anderen Admin, damit Sie sich nicht versehentlich aussperren.',
  conflicting_fields: 'Die Anfrage enthält Angaben, die sich gegenseitig ausschließen. Wählen Sie eine davon.',
  contains_email:
    'Das Passwort ist aus Ihrer E-Mail-Adresse gebildet. Wählen Sie eines, das nichts mit ihr zu tun hat.',
  control_characters: 'Der Text enthält Steuerzeichen. Entfernen Sie sie; Zeilenumbrüche und Tabulatoren sind erlaubt.',
  credential_revoked:
    'Die Anmeldung, mit der dies begonnen wurde, ist nicht mehr gültig. Melden Sie sich erneut an und beginnen Sie noch einmal.',
  cross_site: 'Diese Anfrage kam von einer anderen Website. Öffnen Sie die Seite hier und versuchen Sie es erneut.',
  cross_site_address:
    'Änderungen sind nur von Seiten unter {{address}} möglich. Öffnen Sie diese Adresse und versuchen Sie es erneut.',
  deleted_user: 'Dieser Benutzer wurde gelöscht. Stellen Sie ihn stattdessen wieder her.',
  development_host_not_allowed: 'Dieser Server läuft im Entwicklungsmodus und antwortet nur auf diesem Rechner.',
  development_proxy_not_allowed:
    'Dieser Server läuft im Entwicklungsmodus und nimmt keine weitergeleiteten Anfragen an.',
  duplicate: 'Steht bereits weiter oben in der Liste. Entfernen Sie die Adresse hier.',
  duplicate_id: 'Ein Benutzer steht zweimal in der Liste. Geben Sie jeden nur einmal an.',
  email_immutable:
    'Die E-Mail-Adresse eines Benutzers kann nicht geändert werden. Laden Sie die neue ein und löschen Sie diesen Benutzer.',
  empty_selection: 'Es ist kein Benutzer ausgewählt. Wählen Sie mindestens einen.',
  environment_required: 'Geben Sie die Umgebung des Systems an.',
  field_not_allowed: 'Diese Angabe wird hier nicht erwartet. Entfernen Sie sie.',
  field_not_applicable: 'Diese Angabe gehört zu einer anderen Aktion. Entfernen Sie sie.',
  filter_not_allowed:
    'Ein Export als JSON Lines dient der Prüfung und enthält immer alle Einträge. Entfernen Sie die Filter oder exportieren Sie als CSV.',
  has_all_systems:
    'Dieser Benutzer hat alle Systeme, daher kann ihm kein einzelnes entzogen werden. Weisen Sie ihm zuerst einzelne Systeme zu.',
  idempotency_key_in_use: 'Diese Anfrage wurde soeben ausgeführt. Senden Sie sie erneut, um die Antwort zu erhalten.',
  idempotency_key_reused: 'Dieser Idempotency-Key gehört zu einer anderen Anfrage. Verwenden Sie einen neuen.',
  idle_timeout_too_long:
    'Diese Zeit ist länger als die maximale Sitzungsdauer ({{max}}) und damit ohne Wirkung. Geben Sie eine kürzere ein.',
  ids_or_filter: 'Wählen Sie entweder einzelne Benutzer oder einen Filter.',
  internal:
    'Auf unserer Seite ist ein Fehler aufgetreten. Es wurde nichts geändert. Nennen Sie dem Betreiber die Anfrage-ID.',
  invalid_credentials:
    'E-Mail-Adresse oder Passwort sind falsch, oder es gibt keinen Zugang mit dieser Adresse. Prüfen Sie beides, oder wählen Sie „Passwort vergessen“.',
  invalid_cursor: 'Diese Seite passt nicht zu Liste, Filter oder Sortierung. Beginnen Sie auf der ersten Seite.',
  invalid_date_range: 'Das Enddatum liegt vor dem Startdatum.',
  invalid_email: 'Das ist keine E-Mail-Adresse.',
  invalid_email_domain: 'Der Teil nach dem @ ist keine gültige Domain. Schreiben Sie ihn wie example.com.',
  invalid_email_domain_without_dot:
    'Der Teil nach dem @ enthält keinen Punkt. Schreiben Sie die ganze Domain, wie example.com.',
  invalid_email_empty: 'Geben Sie eine E-Mail-Adresse ein.',
  invalid_email_foreign_local_part:
    'An Adressen mit diesen Zeichen vor dem @ kann keine E-Mail gesendet werden. Verwenden Sie eine andere Adresse dieser Person.',
  invalid_email_hidden_character:
    'Die Adresse enthält ein unsichtbares Zeichen. Geben Sie sie ein, statt sie einzufügen.',
  invalid_email_local_part:
    'Der Teil vor dem @ ist ungültig. Erlaubt sind Buchstaben, Ziffern und einzelne Punkte, keine Klammern oder Kommas.',
  invalid_email_local_part_too_long: 'Der Teil vor dem @ ist zu lang; möglich sind höchstens 64 Zeichen.',
  invalid_email_look_alike_at: 'Ein Zeichen sieht nur aus wie ein @. Geben Sie ein gewöhnliches @ ein.',
  invalid_email_missing_at: 'Das @ fehlt. Schreiben Sie die Adresse wie ana@example.com.',
  invalid_email_other_column:
    'Das ist vielleicht die Adresse einer anderen Person. Fügen Sie sie einzeln hinzu, wenn diese gemeint ist.',
  invalid_email_quoted_local_part:
    'Adressen in Anführungszeichen werden nicht unterstützt. Verwenden Sie eine andere Adresse dieser Person.',
  invalid_email_several_ats: 'Die Adresse enthält mehr als ein @. Geben Sie jede Adresse einzeln ein.',
  invalid_email_space: 'Darin steht ein Leerzeichen. Entfernen Sie es.',
  invalid_email_symbol: 'Die Adresse enthält ein unzulässiges Zeichen. Entfernen Sie es.',
  invalid_email_too_long: 'Diese Adresse ist zu lang; möglich sind höchstens 254 Zeichen.',
  invalid_email_ambiguous_column:
    'In welcher Spalte die eigene Adresse jeder Person steht, ist nicht erkennbar. Wählen Sie die Spalte.',
  invalid_filter: 'Dieser Filter ist ungültig.',
  invalid_header: 'Ein Header der Anfrage ist ungültig.',
  invalid_image:
    'Diese Datei ist kein PNG, WebP oder JPEG. Speichern Sie das Logo in einem dieser Formate. SVG wird nicht unterstützt, weil es Skripte enthalten kann.',
  invalid_parameter: 'Ein Parameter in der Adresse ist ungültig.',
  invalid_query: 'Diese Ansicht kann so nicht gespeichert werden.',
  invalid_settings: 'Einige Einstellungen sind ungültig. Der Grund steht bei jeder.',
  invalid_value: 'Dieser Wert ist hier ungültig.',
  invited: 'Die Person wird eingeladen.',
  job_abandoned:
    'Dieser Hintergrundauftrag wurde mehrmals gestartet und nie abgeschlossen. Es wurde nichts geändert. Nennen Sie dem Betreiber die ID des Auftrags.',
  job_not_queued: 'Dieser Hintergrundauftrag läuft bereits oder ist beendet und kann nicht mehr abgebrochen werden.',
  job_starter_lost_access:
    'Der Benutzer, der diesen Auftrag gestartet hat, hat keinen Zugriff mehr auf das Konto. Es wurde nichts geändert. Starten Sie den Auftrag als anderer Benutzer erneut.',
  job_unreadable: 'Dieser Hintergrundauftrag kann nicht gelesen werden. Starten Sie ihn neu.',
  last_admin: 'Mindestens ein Admin muss aktiv bleiben. Machen Sie zuerst einen anderen Benutzer zum Admin.',
  level_too_low: 'Die Rolle umfasst diese Berechtigung nur auf einer niedrigeren Stufe. Eine andere Rolle ist nötig.',
  link_expired: 'Dieser Link ist abgelaufen. Fordern Sie einen neuen an.',
  link_invalid:
    'Dieser Link ist ungültig oder unvollständig. Prüfen Sie, ob Sie ihn ganz kopiert haben, oder fordern Sie einen neuen an.',
  link_inviter_unauthorized:
    'Die Person, die Sie eingeladen hat, darf das nicht mehr. Bitten Sie einen Admin des Kontos um eine neue Einladung.',
  link_replaced:
    'Dieser Link wurde durch einen neueren ersetzt. Verwenden Sie den Link aus der neuesten E-Mail oder fordern Sie einen neuen an.',
  link_revoked: 'Dieser Link wurde zurückgezogen. Wenden Sie sich an einen Admin des Kontos.',
  link_used:
    'Dieser Link wurde bereits verwendet; jeder funktioniert nur einmal. Melden Sie sich an oder fordern Sie einen neuen an.',
  logo_dimensions_too_large:
    'Das Bild hat {{width}} × {{height}} Pixel; möglich sind höchstens {{max}} × {{max}}. Verkleinern Sie es.',
  logo_too_large:
    'Das Bild hat {{bytes}} Bytes; möglich sind höchstens {{max}}. Verkleinern Sie es; einige Hundert Pixel genügen.',
  malformed_json: 'Die Anfrage ist kein gültiges JSON.',
  method_not_allowed: 'Diese Methode ist unter dieser Adresse nicht möglich.',
  mixed_statuses:
    'Die Auswahl enthält Benutzer, deren Status dies nicht erlaubt. Es wurde nichts geändert. Entfernen Sie diese Benutzer aus der Auswahl.',
  name_needs_single_address:
    'Ein Name kann nur für eine einzelne Person angegeben werden. Schreiben Sie die anderen so: Ana Lopez <ana@example.com>.',
  new_activation_links_only:
    'Bereits gesendete Einladungen behalten ihre Gültigkeitsdauer. Die neue gilt ab der nächsten E-Mail.',
  new_passwords_only: 'Gilt für neue Passwörter. Bestehende bleiben gültig.',
  new_reset_links_only:
    'Bereits gesendete Links zum Zurücksetzen behalten ihre Gültigkeitsdauer. Die neue gilt ab der nächsten E-Mail.',
  no_addresses: 'Keine E-Mail-Adressen gefunden. Geben Sie mindestens eine ein.',
  no_password: 'Dieser Benutzer meldet sich per SSO an und hat hier kein Passwort.',
  no_seat_available: 'Kein Platz mehr frei. Geben Sie einen frei oder lassen Sie das Limit erhöhen.',
  not_all_invited: 'Nicht alle dieser Adressen können eingeladen werden, daher wurde niemand eingeladen.',
  not_found: 'Nicht gefunden. Das Objekt wurde möglicherweise entfernt, oder die Adresse ist falsch.',
  out_of_range: 'Möglich sind {{min}} bis {{max}}.',
  outcome_unknown:
    'Die Verbindung zur Datenbank brach ab. Prüfen Sie, ob die Änderung gespeichert wurde, bevor Sie sie wiederholen.',
  over_seat_limit: '{{taken}} Plätze sind belegt, das Limit ist {{limit}}. Niemand verliert den Zugriff.',
  over_seat_limit_hard:
    '{{taken}} Plätze sind belegt, das Limit ist {{limit}}. Niemand verliert den Zugriff, aber niemand Neues erhält einen Platz, bis genug Plätze frei sind.',
  over_seat_limit_soft:
    '{{taken}} Plätze sind belegt, das Limit ist {{limit}}. Niemand verliert den Zugriff, und Einladungen bleiben möglich. Die Benutzerliste weist darauf hin.',
  own_system: 'Durch die Rolle erlaubt, und der Benutzer hat das System.',
  own_systems_only: 'Die Rolle erlaubt dies nur in eigenen Systemen. Geben Sie das System an.',
  password_changed:
    'Ihr Passwort wurde geändert, daher sind Sie abgemeldet. Melden Sie sich mit dem neuen an, oder setzen Sie es zurück, wenn Sie das nicht waren.',
  password_rejected: 'Dieses Passwort erfüllt die Regeln nicht. Wählen Sie ein anderes.',
  permission_missing: 'Ihre Rolle umfasst diese Berechtigung nicht. Wenden Sie sich an einen Admin.',
  query_too_slow:
    'Diese Suche dauert zu lange. Grenzen Sie sie ein, etwa durch einen kürzeren Zeitraum, ein System oder einen längeren Suchtext.',
  rate_limited: 'Zu viele Anfragen. Warten Sie {{retry_after}} und versuchen Sie es erneut.',
  repeated_parameter: 'Ein Parameter kommt in der Adresse mehrfach vor.',
  required: 'Dieses Feld ist erforderlich.',
  restore_window_expired:
    'Dieser Benutzer wurde vor mehr als 30 Tagen gelöscht und kann nicht wiederhergestellt werden. Laden Sie die Adresse neu ein.',
  role_exceeds_own:
    'Diese Rolle umfasst mehr als Ihre eigene. Bitten Sie einen Benutzer mit mindestens so vielen Berechtigungen.',
  same_password: 'Das ist Ihr aktuelles Passwort. Wählen Sie ein anderes.',
  seat_limit:
    'Es sind nicht genug Plätze frei. Deaktivieren Sie Benutzer, ziehen Sie Einladungen zurück oder lassen Sie das Limit erhöhen.',
  secret_key_mismatch: 'Diese Datenbank gehört zu einer Installation mit einem anderen Schlüssel.',
  secret_key_replaced: 'Der Schlüssel der Installation wurde soeben von jemand anderem ersetzt.',
  secret_key_unchanged: 'Die Installation verwendet diesen Schlüssel bereits.',
  selection_too_large: 'Das sind zu viele Benutzer auf einmal. Wählen Sie weniger.',
  session_expired:
    'Ihre Sitzung ist wegen Inaktivität oder nach der maximalen Sitzungsdauer abgelaufen. Melden Sie sich erneut an.',
  sessions_end:
    'In diesem Konto enden {{sessions}} Sitzungen sofort. Betroffene Benutzer: {{users}}. Sie müssen sich erneut anmelden.',
  sessions_end_one: 'In diesem Konto endet {{sessions}} Sitzung sofort. Der Benutzer muss sich erneut anmelden.',
  sign_in_required: 'Melden Sie sich zuerst an.',
  signed_in_again:
    'In diesem Browser hat sich jemand neu angemeldet und damit diese Sitzung beendet. Melden Sie sich erneut an.',
  signed_out: 'Sie haben sich abgemeldet, hier oder in einem anderen Browser. Melden Sie sich erneut an.',
  signed_out_by_admin: 'Ein Admin hat Sie abgemeldet. Melden Sie sich erneut an.',
  single_or_batch: 'Senden Sie entweder eine einzelne Prüfung oder eine Liste von Prüfungen.',
  slug_changes:
    'Links mit {{before}} funktionieren ab sofort nicht mehr, und ein anderes Konto kann den Namen übernehmen. Verwenden Sie {{after}} oder die ID des Kontos.',
  slug_taken: 'Diesen URL-Namen verwendet bereits ein anderes Konto. Wählen Sie einen anderen.',
  stale:
    'Jemand anderes hat dies inzwischen geändert. Laden Sie es neu, prüfen Sie die Unterschiede und wiederholen Sie Ihre Änderung.',
  system_access_only: 'Sie können bei diesem Benutzer nur Ihre eigenen Systeme ändern.',
  system_name_taken: 'Ein System mit diesem Namen gibt es in diesem Konto bereits. Wählen Sie einen anderen.',
  system_not_assigned: 'Der Benutzer hat dieses System nicht. Weisen Sie es direkt oder über eine Gruppe zu.',
  system_not_own:
    'Sie können nur eigene Systeme zuweisen. Bitten Sie einen Benutzer, der Benutzer im ganzen Konto verwaltet.',
  system_required: 'Diese Berechtigung gilt pro System. Geben Sie das System an.',
  timed_out: 'Das hat zu lange gedauert. Versuchen Sie es erneut.',
  too_few_special_characters:
    'Das Passwort enthält zu wenige Sonderzeichen. Verwenden Sie mindestens {{min}}, etwa ! # ? oder ein Leerzeichen.',
  too_long: 'Das ist zu lang; möglich sind höchstens {{max}} Zeichen.',
  too_long_counted: 'Das sind {{length}} Zeichen; möglich sind höchstens {{max}}. Kürzen Sie den Text.',
  too_many_addresses: 'Diese Liste enthält zu viele Adressen für eine Anfrage. Teilen Sie sie auf.',
  too_many_checks: 'Das sind zu viele Prüfungen auf einmal. Teilen Sie sie auf.',
  too_many_concurrent_requests:
    'Mehrere Anfragen von Ihnen oder Ihrem Konto werden noch bearbeitet. Warten Sie, bis eine abgeschlossen ist.',
  too_many_emails:
    'Es wurden zu viele E-Mails gesendet, an diese Adresse oder von Ihnen oder Ihrem Konto. Versuchen Sie es später erneut.',
  too_many_failed_sign_ins:
    'Zu viele fehlgeschlagene Anmeldungen. Warten Sie {{retry_after}} und versuchen Sie es erneut, oder wählen Sie „Passwort vergessen“.',
  too_many_grants: 'Das sind zu viele Zuweisungen auf einmal. Wählen Sie weniger Benutzer oder Systeme.',
  too_many_jobs:
    'In diesem Konto warten zu viele Hintergrundaufträge. Warten Sie, bis einer beginnt, oder brechen Sie einen ab.',
  too_many_lines: 'Der Text hat {{lines}} Zeilen; möglich sind höchstens {{max}}. Fassen Sie einige zusammen.',
  too_many_sessions:
    'Sie haben sich in zu vielen Browsern angemeldet, daher wurde diese, Ihre älteste Sitzung, beendet. Melden Sie sich erneut an.',
  too_many_systems: 'Das sind zu viele auf einmal. Wählen Sie weniger.',
  too_many_views: 'Sie haben die Höchstzahl gespeicherter Ansichten erreicht. Löschen Sie eine nicht benötigte.',
  too_short: 'Das Passwort ist zu kurz. Verwenden Sie mindestens {{min}} Zeichen.',
  unavailable:
    'Der Dienst ist gerade nicht verfügbar. Es wurde nichts geändert. Versuchen Sie es in einigen Sekunden erneut.',
  unknown_environment: 'Das System hat diese Umgebung nicht.',
  unknown_field: 'Ein Feld ist unbekannt.',
  unknown_level: 'Diese Berechtigung hat diese Stufe nicht.',
  unknown_parameter: 'Ein Parameter in der Adresse ist unbekannt.',
  unknown_permission: 'Diese Berechtigung gibt es nicht.',
  unknown_role: 'Diese Rolle gibt es im Konto nicht. Wählen Sie eine aus der Liste.',
  unknown_system: 'Dieses System gibt es im Konto nicht. Wählen Sie eines aus der Liste.',
  unknown_user: 'Diesen Benutzer gibt es im Konto nicht, oder er ist für Sie nicht sichtbar.',
  unsupported_media_type: 'Dieses Format wird nicht unterstützt.',
  user_deleted: 'Der Benutzer ist gelöscht. Stellen Sie ihn zuerst wieder her.',
  user_exceeds_own:
    'Die Rolle dieses Benutzers umfasst mehr als Ihre eigene. Bitten Sie einen Benutzer mit mindestens so vielen Berechtigungen.',
  user_inactive: 'Der Benutzer ist inaktiv. Aktivieren Sie ihn zuerst.',
  user_provisioned: 'Der Benutzer ist eingeladen und hat die Einladung noch nicht angenommen.',
  view_name_taken: 'Sie haben bereits eine Ansicht mit diesem Namen. Wählen Sie einen anderen.',
  whole_account: 'Durch die Rolle im ganzen Konto erlaubt.',
  wrong_environment: 'Für die Veröffentlichung in dieser Umgebung ist eine andere Berechtigung nötig.',
  wrong_password: 'Das ist nicht Ihr aktuelles Passwort.',
  wrong_status: 'Der Status dieses Benutzers lässt das nicht zu.',
  wrong_status_delete: 'Dieser Benutzer ist bereits gelöscht.',
  wrong_status_disable: 'Nur aktive Benutzer können deaktiviert werden. Der Status ist „{{found}}“.',
  wrong_status_edit: 'Gelöschte Benutzer können nicht geändert werden. Stellen Sie den Benutzer zuerst wieder her.',
  wrong_status_enable: 'Nur inaktive Benutzer können aktiviert werden. Der Status ist „{{found}}“.',
  wrong_status_resend:
    'Nur offene Einladungen können erneut gesendet werden. Der Status des Benutzers ist „{{found}}“.',
  wrong_status_reset_password: 'Nur aktive Benutzer können ihr Passwort zurücksetzen. Der Status ist „{{found}}“.',
  wrong_status_restore: 'Nur gelöschte Benutzer können wiederhergestellt werden. Der Status ist „{{found}}“.',
  wrong_status_sign_out: 'Nur aktive Benutzer können abgemeldet werden. Der Status ist „{{found}}“.',
  wrong_status_revoke: 'Nur offene Einladungen können zurückgezogen werden. Der Status des Benutzers ist „{{found}}“.',
}
