export const stale = {
  title: 'Somebody else changed this meanwhile',
  text: 'Nothing is lost: compare both versions and choose. What only they changed stays in either case.',
  field: 'Field',
  mine: 'Yours',
  theirs: 'Saved meanwhile',
  untouched: 'not changed by you',
  takeTheirs: 'Take the saved version',
  keepMine: 'Save mine',
}
