export const hub = {
  title: 'Your accounts',
  text_one: 'You are in {{count}} account.',
  text_other: 'You are in {{count}} accounts.',
  emptyTitle: 'No account yet',
  emptyText: 'You are signed in, but no account has you as an active user. Ask the person who invited you.',
  needsSignIn: 'Sign in again to open',
  nothingHere:
    'Your role here is {{role}}. It has no pages in the admin center; the products of this account are open to you as before.',
}
