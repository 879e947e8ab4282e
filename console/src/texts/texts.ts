import type { en } from './en'

/** The same keys as English, with other words. The compiler refuses a language that misses one. */
export type Texts = { [Page in keyof typeof en]: { [Key in keyof (typeof en)[Page]]: string } }
