// Letters of scripts that run from right to left, and the signs that turn text around.
const TURNS = /[\u0590-\u08ff\u202a-\u202e\ufb1d-\ufdff\ufe70-\ufefc]/

/** A name as it stands in a sentence: one that runs the other way turns nothing of what stands beside it. */
export const isolated = (text: string) => (TURNS.test(text) ? `\u2068${text}\u2069` : text)
