import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { rolesQuery, systemsQuery } from '../../api/queries'
import { byPlace } from '../../api/settings'
import { useFormats } from '../../lib/formats'
import { useAccount, useMay } from '../../parts/session/me'
import { localeName } from '../../parts/LanguageChoice'
import { useActionWords } from '../../parts/activity/words'
import { useSettingWords } from '../../parts/settingWords'

/** A field of something that was changed, with what stood there before and after. */
export interface Changed {
  field: string
  before: unknown
  after: unknown
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function fieldsOf(value: unknown): Record<string, unknown> {
  if (!isObject(value)) return {}
  // The settings of an account stand inside of it: fields like any other.
  const parts = Object.entries(value).map(([key, part]) =>
    key === 'settings' && isObject(part) ? byPlace(part) : { [key]: part },
  )
  return Object.assign({}, ...parts) as Record<string, unknown>
}

/** What stands differently before and after. */
export function changesOf(before: unknown, after: unknown): Changed[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)]
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .map((field) => ({ field, before: was[field], after: is[field] }))
    .filter(
      ({ before, after }) => JSON.stringify(before) !== JSON.stringify(after) && !(isEmpty(before) && isEmpty(after)),
    )
}

/** What says nothing, before as after: a filter that filters nothing. */
const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'object' && Object.values(value).every(isEmpty))

const FIELDS = {
  name: 'users.column_name',
  role: 'users.column_role',
  role_id: 'users.column_role',
  systems: 'users.column_systems',
  all_systems: 'users.allSystems',
  groups: 'users.column_groups',
  login_method: 'users.column_login_method',
  status: 'users.column_status',
  locale: 'common.chooseLanguage',
  slug: 'settings.slug',
  logo: 'settings.logo',
  kind: 'activity.field_kind',
  sent_count: 'activity.field_sent_count',
  expires_at: 'activity.field_expires_at',
  recovery_link_until: 'activity.field_expires_at',
  mailed: 'activity.field_mailed',
  session: 'activity.target_session',
  sessions: 'activity.field_sessions',
  other_sessions: 'activity.field_other_sessions',
  links: 'activity.field_links',
  api_keys: 'activity.field_api_keys',
  jobs: 'activity.field_jobs',
  assurance: 'users.column_login_method',
  state: 'activity.field_state',
  code: 'activity.field_code',
  detail: 'activity.reason',
  format: 'activity.field_format',
  filter: 'activity.field_filter',
  sort: 'activity.field_sort',
  query: 'activity.field_query',
  platform: 'activity.field_platform',
  users: 'activity.field_users',
  failed: 'activity.field_failed',
  sources: 'activity.ip',
  first_at: 'activity.field_first_at',
  last_at: 'activity.field_last_at',
  q: 'common.search',
  system: 'users.column_systems',
  group: 'users.column_groups',
  action: 'activity.what',
  actions: 'activity.what',
  actor: 'activity.who',
  target: 'activity.whom',
  from: 'activity.from',
  to: 'activity.to',
} as const

const VALUES = {
  provisioned: 'users.provisioned',
  active: 'users.active',
  inactive: 'users.inactive',
  deleted: 'users.deleted',
  password: 'users.password',
  all: 'users.allSystems',
  password_and_factor: 'activity.value_password_and_factor',
  passkey: 'activity.value_passkey',
  queued: 'activity.value_queued',
  running: 'activity.value_running',
  done: 'activity.value_done',
  failed: 'activity.value_failed',
  canceled: 'activity.value_canceled',
  ended: 'activity.value_ended',
  disable: 'bulk.disable',
  enable: 'bulk.enable',
  delete: 'bulk.delete',
  restore: 'bulk.restore',
  resend: 'bulk.resend',
  set_role: 'bulk.set_role',
  add_systems: 'bulk.add_systems',
  remove_systems: 'bulk.remove_systems',
} as const

/** What people typed: words of theirs, whatever they are. */
const TYPED = ['name', 'slug', 'q', 'query', 'platform', 'detail']
/** What the server says in its own language. */
const ENGLISH = ['role', 'role_id', 'code', 'detail']

/** `system_manager` as the role is called: “System Manager”. */
const titled = (id: string) =>
  id.replace(/(^|_)(\p{L})/gu, (_, gap, letter: string) => (gap ? ' ' : '') + letter.toUpperCase())

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

/** What stands where there is nothing. */
const NOTHING = '–'

/** What the log keeps of an image. */
interface Logo {
  kind: string
  bytes: number
}

export interface Words {
  text: string
  /** Where it is not the person's. */
  lang?: 'en'
}

const has = <T extends object>(table: T, key: unknown): key is keyof T => typeof key === 'string' && key in table

/** The settings of an account are named by their place. */
const isPlace = (key: string) => key.includes('/')

/** Fields and their values in words: by the names that the pages have for them, where they have one. */
export function useChangeWords() {
  const { t } = useTranslation()
  const formats = useFormats()
  const actionWords = useActionWords()
  const settings = useSettingWords()
  const { slug } = useAccount()
  const may = useMay()
  const { data: roles = [] } = useQuery({ ...rolesQuery(slug), enabled: may('list_roles') })
  const { data: systems = [] } = useQuery({ ...systemsQuery(slug), enabled: may('list_systems') })
  const named = (id: string) => [...roles, ...systems].find((one) => one.id === id)?.name ?? id
  // Who may not read the roles still reads which of the predefined ones it is: their ids are words.
  const role = (id: string) => (/^rol_/.test(id) || named(id) !== id ? named(id) : titled(id))

  const field = (key: string): Words =>
    isPlace(key)
      ? { text: settings.label(key) }
      : has(FIELDS, key)
        ? { text: t(FIELDS[key]) }
        : { text: key.replaceAll('_', ' '), lang: 'en' }
  const word = (key: string, what: string) => {
    if (TYPED.includes(key)) return what
    if (MOMENT.test(what)) return formats.time(what)
    if (key === 'actions') return actionWords(what)
    if (key === 'locale') return localeName(what)
    if (key === 'role' || key === 'role_id') return role(what)
    return has(VALUES, what) ? t(VALUES[what]) : named(what)
  }
  const parts = (what: object) =>
    Object.entries(what)
      .map(([key, part]) => [field(key).text, text(key, part)])
      .filter(([, words]) => words !== NOTHING)
      .map(([name, words]) => `${name}: ${words}`)
  const text = (key: string, what: unknown): string => {
    if (isPlace(key)) return settings.show(key, what ?? '')
    if (what === undefined || what === null || what === '') return NOTHING
    if (typeof what === 'boolean') return t(what ? 'common.yes' : 'common.no')
    if (typeof what === 'number') return key.endsWith('_seconds') ? formats.span(what) : formats.number(what)
    if (key === 'logo') return logoWords(what as Logo)
    if (typeof what === 'object') {
      const all = Array.isArray(what) ? what.map((part) => text(key, part)) : parts(what)
      return all.length > 0 ? formats.list(all) : NOTHING
    }
    return word(key, String(what))
  }
  const logoWords = ({ kind, bytes }: Logo) => `${kind.toUpperCase()}, ${formats.size(bytes)}`
  const value = (key: string, what: unknown): Words => ({
    text: text(key, what),
    ...((ENGLISH.includes(key) || !(has(FIELDS, key) || isPlace(key))) && { lang: 'en' }),
  })
  return { field, value }
}
