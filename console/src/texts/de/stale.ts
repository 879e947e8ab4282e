import type { Texts } from '..'

export const stale: Texts['stale'] = {
  title: 'Jemand anderes hat das inzwischen geändert',
  text: 'Nichts ist verloren: Vergleichen Sie beide Fassungen und wählen Sie.',
  field: 'Feld',
  mine: 'Ihre',
  theirs: 'Inzwischen gespeichert',
  takeTheirs: 'Gespeicherte Fassung übernehmen',
  keepMine: 'Meine speichern',
}
