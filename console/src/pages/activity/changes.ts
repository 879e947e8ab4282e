import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { rolesQuery, systemsQuery } from '../../api/queries'
import { useFormats } from '../../lib/formats'
import { useAccount } from '../../session/me'

/** A field of something that was changed, with what stood there before and after. */
export interface Changed {
  field: string
  before: unknown
  after: unknown
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields of both, one level: settings stand inside of an account, and the rules for passwords inside of those. */
function fieldsOf(value: unknown): Record<string, unknown> {
  if (!isObject(value)) return {}
  const parts = Object.entries(value).map(([key, part]) => (isObject(part) ? fieldsOf(part) : { [key]: part }))
  return Object.assign({}, ...parts) as Record<string, unknown>
}

/** What stands differently before and after. */
export function changesOf(before: unknown, after: unknown): Changed[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)]
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .map((field) => ({ field, before: was[field], after: is[field] }))
    .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
}

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
  accent: 'settings.accent',
  logo: 'settings.logo',
  seat_limit: 'settings.seat_limit',
  seat_mode: 'settings.seat_mode',
  seat_taken: 'settings.seat_taken',
  activation_link_seconds: 'settings.activation_link_seconds',
  password_reset_link_seconds: 'settings.password_reset_link_seconds',
  idle_timeout_seconds: 'settings.idle_timeout_seconds',
  absolute_timeout_seconds: 'settings.absolute_timeout_seconds',
  min_length: 'settings.min_length',
  min_special: 'settings.min_special',
} as const

const VALUES = {
  provisioned: 'users.provisioned',
  active: 'users.active',
  inactive: 'users.inactive',
  deleted: 'users.deleted',
  password: 'users.password',
  hard: 'settings.hard',
  soft: 'settings.soft',
  at_invitation: 'settings.atInvitation',
  at_activation: 'settings.atActivation',
} as const

const has = <T extends object>(table: T, key: unknown): key is keyof T => typeof key === 'string' && key in table

/** Fields and their values in words: by the names that the pages have for them, where they have one. */
export function useChangeWords() {
  const { t } = useTranslation()
  const formats = useFormats()
  const { slug } = useAccount()
  const { data: roles = [] } = useQuery(rolesQuery(slug))
  const { data: systems = [] } = useQuery(systemsQuery(slug))
  const named = (id: string) => [...roles, ...systems].find((one) => one.id === id)?.name ?? id
  const field = (key: string) => (has(FIELDS, key) ? t(FIELDS[key]) : key.replaceAll('_', ' '))
  const value = (key: string, what: unknown): string => {
    if (what === undefined || what === null) return '–'
    if (typeof what === 'boolean') return t(what ? 'common.yes' : 'common.no')
    if (typeof what === 'number') return key.endsWith('_seconds') ? formats.span(what) : formats.number(what)
    if (Array.isArray(what)) return what.length > 0 ? formats.list(what.map((part) => value(key, part))) : '–'
    if (typeof what === 'object') return JSON.stringify(what)
    return key !== 'name' && has(VALUES, what) ? t(VALUES[what]) : named(String(what))
  }
  return { field, value }
}
