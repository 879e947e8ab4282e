import type { Texts } from '../texts'
import type { Answers } from '../answers'
import { actions } from './actions'
import { activity } from './activity'
import { answers } from './answers'
import { bulk } from './bulk'
import { common } from './common'
import { hub } from './hub'
import { impact } from './impact'
import { insights } from './statistics'
import { invite } from './invitations'
import { profile } from './me'
import { roles } from './roles'
import { session } from './sign_in'
import { settingWords } from './setting_words'
import { settings } from './settings'
import { shell } from './shell'
import { stale } from './stale'
import { user } from './user'
import { users } from './users'

export const de: Texts & { answers: Answers } = {
  answers,
  common,
  shell,
  session,
  hub,
  profile,
  users,
  bulk,
  impact,
  insights,
  invite,
  user,
  roles,
  activity,
  actions,
  settings,
  settingWords,
  stale,
}
