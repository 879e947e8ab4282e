import type { Schema } from '../../api/client'
import { type SettingName, type SettingValue, byPlace, inParts } from '../../api/settings'

type Account = Schema['AccountView']

/** What stands in a field: nothing where the setting is null. */
type Filled<Value> = null extends Value ? Exclude<Value, null | undefined> | '' : Value

/** The account as its form has it: one level, so that every field has one name, for a setting its place. */
export type Fields = { name: string; slug: string } & { [Name in SettingName]: Filled<SettingValue<Name>> }

export function fieldsOf({ name, slug, settings }: Account): Fields {
  const filled = Object.entries(byPlace(settings)).map(([place, value]) => [place, value ?? ''])
  return { name, slug, ...(Object.fromEntries(filled) as Omit<Fields, 'name' | 'slug'>) }
}

/** What to send: only what was changed, so that nobody overwrites what they did not touch. */
export function patchOf({ name, slug, ...settings }: Partial<Fields>): Schema['AccountPatch'] {
  const values = Object.entries(settings).map(([place, value]) => [place, value === '' ? null : value])
  return {
    ...(name !== undefined && { name }),
    ...(slug !== undefined && { slug }),
    ...(values.length > 0 && { settings: inParts(Object.fromEntries(values)) }),
  }
}

/** The form's name of what the server points at: `/settings/passwords/min_length` is `passwords/min_length`. */
export const fieldAt = (pointer: string) => pointer.replace(/^\/(settings\/)?/, '')
