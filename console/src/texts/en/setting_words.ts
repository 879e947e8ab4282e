import type { SettingWords } from '../../api/settings'

/** Each setting by its place, and below it each value that needs words. */
export const settingWords = {
  'branding/accent_color': 'Accent color',
  'branding/accent_color/null': 'Default',
  'seats/limit': 'Seat limit',
  'seats/limit/null': 'No limit',
  'seats/mode': 'At the limit',
  'seats/mode/hard': 'Block new invitations',
  'seats/mode/soft': 'Warn only',
  'seats/counted_from': 'A seat counts',
  'seats/counted_from/invitation': 'When invited',
  'seats/counted_from/activation': 'When activated',
  'sessions/idle_timeout_seconds': 'Idle timeout',
  'sessions/max_length_seconds': 'Maximum session length',
  'sessions/renew_while_open': 'Keep sessions alive while a page is open',
  'passwords/min_length': 'Minimum length',
  'passwords/min_special': 'Minimum special characters',
  'links/activation_seconds': 'Activation link',
  'links/password_reset_seconds': 'Password reset link',
} satisfies Record<SettingWords, string>
