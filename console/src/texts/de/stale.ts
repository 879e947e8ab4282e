import type { Texts } from '../texts'

export const stale: Texts['stale'] = {
  title: 'Inzwischen geändert',
  text: 'Nichts geht verloren. Vergleichen Sie beide Versionen und wählen Sie eine. Felder, die nur dort geändert wurden, behalten in jedem Fall ihren Wert.',
  field: 'Feld',
  mine: 'Ihre Version',
  theirs: 'Gespeicherte Version',
  untouched: 'von Ihnen nicht geändert',
  takeTheirs: 'Gespeicherte Version übernehmen',
  keepMine: 'Meine Version speichern',
}
