export const directionOf = (language: string) => (language === 'en-XB' ? 'rtl' : 'ltr')

// Letters of scripts that run from right to left, and the signs that turn text around.
const TURNS =
  /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** A name as it stands in a sentence of this language: one that runs the other way turns nothing of what stands beside it. */
export const isolated = (text: string, language: string) =>
  directionOf(language) === 'rtl' || TURNS.test(text) ? `\u2068${text}\u2069` : text
