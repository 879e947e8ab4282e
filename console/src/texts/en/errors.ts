/** What a field was refused for, by the code of the server; what has no text here is told in the server's words. */
export const errors = {
  too_short: 'The password is too short.',
  no_special: 'The password has too few special characters.',
  breached:
    'This password is known from leaks, or hardly differs from one that is. Choose another one, for example four random words.',
  is_email: 'The password is made of your email address. Choose one that has nothing to do with it.',
  same_password: 'This is the password you have. Choose another one.',
  wrong_password: 'This is not your current password.',
}
