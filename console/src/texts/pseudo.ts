const ACCENTED: Record<string, string> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', A: 'Á', E: 'É', O: 'Ó', U: 'Ú' }

/** English that looks foreign, is longer and runs from right to left: what still reads plainly is not translated. */
export function pseudo<T>(texts: T): T {
  if (typeof texts === 'string') return dress(texts) as T
  return Object.fromEntries(Object.entries(texts as object).map(([key, value]) => [key, pseudo(value)])) as T
}

const dress = (text: string) => {
  const letters = text.split(/(\{\{.*?\}\}|<.*?>)/).map((part, index) => (index % 2 ? part : accent(part)))
  return `⟦${letters.join('')}⟧`
}

const accent = (part: string) => part.replace(/[aeiouAEOU]/g, (letter) => ACCENTED[letter] ?? letter)
