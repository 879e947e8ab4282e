import { useTranslation } from 'react-i18next'
import { isolated } from './isolated'

/** Dates, numbers and lists as the person's language writes them. */
export function useFormats() {
  const { i18n } = useTranslation()
  return formatsOf(i18n.language)
}

type Formats = ReturnType<typeof make>

const known = new Map<string, Formats>()

/** Made once for a language: each is dear, and every cell of a long list asks for them. */
export function formatsOf(language: string): Formats {
  const found = known.get(language) ?? make(language)
  known.set(language, found)
  return found
}

function make(language: string) {
  const locale = language === 'en-XB' ? 'en' : language
  const number = new Intl.NumberFormat(locale)
  const size = new Intl.NumberFormat(locale, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 1 })
  const percent = new Intl.NumberFormat(locale, { style: 'percent' })
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const thisYear = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
  })
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' })
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const list = new Intl.ListFormat(locale, { type: 'conjunction' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const name = (text: string) => isolated(text, language)
  return {
    number: (value: number) => number.format(value),
    /** So many bytes, as those of a file. */
    size: (bytes: number) => size.format(bytes / 1_000),
    percent: (value: number) => percent.format(value),
    /** To the minute; the year only where it is another one. */
    time: (at: string) =>
      (new Date(at).getFullYear() === new Date().getFullYear() ? thisYear : time).format(new Date(at)),
    /** Everything, for a tooltip. */
    exact: (at: string) => exact.format(new Date(at)),
    date: (at: string) => date.format(new Date(at)),
    /** A calendar day of UTC: `2026-11-21`. */
    day: (date: string) => day.format(new Date(`${date}T00:00:00Z`)),
    name,
    list: (words: string[]) => list.format(words.map(name)),
    ago: (at: string, now = Date.now()) => ago(relative, (new Date(at).getTime() - now) / 1000),
    /** A span of seconds in its largest whole unit: 604800 is “7 days”. */
    span: (seconds: number) => span(locale, seconds),
  }
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

function ago(relative: Intl.RelativeTimeFormat, seconds: number): string {
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size)
  return unit ? relative.format(Math.round(seconds / unit[1]), unit[0]) : relative.format(0, 'minute')
}

function span(locale: string, seconds: number): string {
  const [unit, size] = UNITS.slice(2).find(([, size]) => seconds >= size && seconds % size === 0) ?? ['second', 1]
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / size)
}
