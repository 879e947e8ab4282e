import i18next, { type BackendModule, type FormatterModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { formatsOf } from '../lib/formats'
import { isolated } from '../lib/isolated'
import { remembered } from '../lib/remembered'
import { en } from './en'

// i18next: plurals by the browser's own Intl rules, typed keys, languages loaded when they are chosen.

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
  }
}

/** The languages that people can choose; `en-XB` proves that a right-to-left language would work. */
export const LANGUAGES = ['en', 'de', 'en-XB'] as const
export type Language = (typeof LANGUAGES)[number]

/** The languages of mails and pages that the server knows. */
export type Locale = Exclude<Language, 'en-XB'>

const isLocale = (text: string): text is Locale => isLanguage(text) && text !== 'en-XB'

const isLanguage = (text: string | undefined): text is Language => LANGUAGES.includes(text as Language)

const loader: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: (language, _, done) => {
    const texts =
      language === 'de' ? import('./de').then(({ de }) => de) : import('./pseudo').then(({ pseudo }) => pseudo(en))
    texts.then(
      (found) => done(null, found as never),
      (error: Error) => done(error, false),
    )
  },
}

/** What stands in a sentence: numbers are written as its language does, names keep to themselves. */
export const placed = (value: unknown, language: string) =>
  typeof value === 'number'
    ? formatsOf(language).number(value)
    : typeof value === 'string'
      ? isolated(value, language)
      : value

const formatter: FormatterModule = {
  type: 'formatter',
  init: () => undefined,
  add: () => undefined,
  addCached: () => undefined,
  format: (value, _, language = 'en') => placed(value, language) as string,
}

/** `?language=…` in the address chooses, too: the only way to the language that proves the text direction. */
const inAddress = () => new URLSearchParams(window.location.search).get('language') ?? undefined

function firstChoice(): Language {
  const asked = inAddress()
  if (isLanguage(asked)) remembered.set('language', asked)
  const wished = [remembered.get<string>('language', ''), navigator.language.split('-')[0]]
  return wished.find(isLanguage) ?? 'en'
}

export async function startTexts() {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language
  })
  await i18next
    .use(loader)
    .use(formatter)
    .use(initReactI18next)
    .init({
      lng: firstChoice(),
      fallbackLng: 'en',
      load: 'currentOnly',
      partialBundledLanguages: true,
      resources: { en: { translation: en } },
      interpolation: { escapeValue: false, alwaysFormat: true },
      react: { useSuspense: false },
    })
}

let picked: Language | undefined

/** Somebody who is not signed in yet picks a language; it becomes theirs when they sign in. */
export function pick(language: string) {
  if (isLanguage(language)) picked = language
  return choose(language)
}

/** The language to be kept for the person who just signed in, where they picked another than theirs; it is asked for once. */
export function takePicked(theirs: string): Locale | undefined {
  const found = picked && isLocale(picked) ? picked : undefined
  picked = undefined
  return found === theirs ? undefined : found
}

/** The language of the page, to be kept with whoever is new here. */
export const spoken = (): Locale => (isLocale(i18next.language) ? i18next.language : 'en')

/** Shows the language of the person, who may have chosen it in another browser. */
export const follow = (theirs: string) => (i18next.language === 'en-XB' ? Promise.resolve() : choose(theirs))

export async function choose(language: string) {
  if (!isLanguage(language) || language === i18next.language) return
  remembered.set('language', language)
  await i18next.changeLanguage(language)
}
