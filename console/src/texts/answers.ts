import i18next from 'i18next'
import type { Schema } from '../api/client'
import { formatsOf } from '../lib/formats'

/** Everything that the server answers with a code. English pages show its own sentences, other languages say each code. */
export type Answers = Record<Schema['ProblemCode'] | Schema['EffectCode'], string> &
  Partial<
    Record<
      `${'invalid_email' | 'cross_site' | 'over_seat_limit' | 'sessions_end' | 'too_long' | 'wrong_status'}_${string}`,
      string
    >
  >

/** What the server says about something: a sentence, and what is needed to say it in another language. */
export interface Answer {
  code?: string | null | undefined
  detail?: string | null | undefined
  params?: Record<string, unknown> | undefined
}

/** An answer in the language of the page; nothing where only the server's own sentence says it. */
export function answerIn(language: string, { code, params = {} }: Answer): string | undefined {
  const { span } = formatsOf(language)
  const isTime = (name: string) => name === 'retry_after' || params.unit === 'seconds'
  const worded = (name: string, value: unknown) => {
    if (typeof value === 'number' && isTime(name)) return span(rounded(value))
    return name === 'found' ? i18next.t(`users.${value as 'active'}`) : value
  }
  const values = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, worded(name, value)]))
  const context = (params.reason as string | undefined) ?? (params.length === undefined ? undefined : 'counted')
  const count = params.sessions as number | undefined
  return i18next.t(`answers.${code}`, { ...values, context, count, defaultValue: '' }) || undefined
}

/** Nobody waits to the second for what takes minutes, nor to the minute for what takes hours. */
function rounded(seconds: number) {
  const unit = seconds < 120 ? 1 : seconds < 7_200 ? 60 : 3_600
  return Math.ceil(seconds / unit) * unit
}
