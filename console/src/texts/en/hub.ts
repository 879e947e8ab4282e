export const hub = {
  title: 'Your accounts',
  text_one: 'You have access to {{count}} account.',
  text_other: 'You have access to {{count}} accounts.',
  emptyTitle: 'No accounts yet',
  emptyText: 'You’re signed in, but you aren’t an active user of any account. Ask the person who invited you.',
  needsSignIn: 'Sign in again to open',
  nothingHere: 'Your role here is {{role}}. You don’t need the admin center. Your products work as usual.',
}
