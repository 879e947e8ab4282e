import type { Schema } from './client'

export type Settings = Schema['AccountSettings']

/** Every setting of an account by its place: `sessions/idle_timeout_seconds`. */
export type SettingName = { [Part in keyof Settings]: `${Part}/${keyof Settings[Part] & string}` }[keyof Settings]

export type SettingValue<Name extends SettingName> = Name extends `${infer Part extends keyof Settings}/${infer Field}`
  ? Settings[Part][Field & keyof Settings[Part]]
  : never

type Word<Value> = Value extends null | undefined
  ? 'null'
  : string extends Value
    ? never
    : Value extends string
      ? Value
      : never

/** What needs words: each setting, and below it each value that is none by itself: `seats/mode/hard`, `seats/limit/null`. */
export type SettingWords = SettingName | { [Name in SettingName]: `${Name}/${Word<SettingValue<Name>>}` }[SettingName]

/** Settings by their places; also a part of them, as the activity log has it. */
export const byPlace = (settings: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(settings).flatMap(([part, fields]) =>
      Object.entries(fields as object).map(([field, value]) => [`${part}/${field}`, value]),
    ),
  )

/** The same the other way round. */
export function inParts(settings: Record<string, unknown>): Schema['AccountSettingsPatch'] {
  const parts: Record<string, Record<string, unknown>> = {}
  for (const [place, value] of Object.entries(settings)) {
    const [part = '', field = ''] = place.split('/')
    parts[part] = { ...parts[part], [field]: value }
  }
  return parts
}
