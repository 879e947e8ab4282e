export const stale = {
  title: 'This was changed in the meantime',
  text: 'Nothing is lost. Compare both versions and choose one. Fields changed only in the saved version keep its value either way.',
  field: 'Field',
  mine: 'Your version',
  theirs: 'Saved version',
  untouched: 'not changed by you',
  takeTheirs: 'Use saved version',
  keepMine: 'Save my version',
}
