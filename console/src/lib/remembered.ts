/** Small things a browser remembers: never anything secret. Private windows may refuse; then they are forgotten. */
export const remembered = {
  get<T>(key: string, otherwise: T): T {
    try {
      const text = localStorage.getItem(`portcullis.${key}`)
      return text === null ? otherwise : (JSON.parse(text) as T)
    } catch {
      return otherwise
    }
  },
  set(key: string, value: unknown) {
    try {
      localStorage.setItem(`portcullis.${key}`, JSON.stringify(value))
    } catch {
      // Forgotten, then.
    }
  },
}
