export const stale = {
  title: 'Someone else changed this',
  text: 'Nothing is lost. Compare both versions and choose one. Fields that only they changed keep their value either way.',
  field: 'Field',
  mine: 'Your version',
  theirs: 'Saved version',
  untouched: 'not changed by you',
  takeTheirs: 'Use saved version',
  keepMine: 'Save my version',
}
