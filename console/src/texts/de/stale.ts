import type { Texts } from '../texts'

export const stale: Texts['stale'] = {
  title: 'Jemand anderes hat das inzwischen geändert',
  text: 'Nichts ist verloren: Vergleichen Sie beide Fassungen und wählen Sie. Was nur dort geändert wurde, bleibt in jedem Fall.',
  field: 'Feld',
  mine: 'Ihre',
  theirs: 'Inzwischen gespeichert',
  untouched: 'nicht von Ihnen geändert',
  takeTheirs: 'Gespeicherte Fassung übernehmen',
  keepMine: 'Meine speichern',
}
