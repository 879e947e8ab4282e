export const stale = {
  title: 'Somebody else changed this meanwhile',
  text: 'Nothing is lost: compare both versions and choose.',
  field: 'Field',
  mine: 'Yours',
  theirs: 'Saved meanwhile',
  takeTheirs: 'Take the saved version',
  keepMine: 'Save mine',
}
