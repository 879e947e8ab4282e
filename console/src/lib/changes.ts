/** What counts of a value: neither the order of a set nor the space around a text. */
function essence(value: unknown): unknown {
  if (Array.isArray(value)) return JSON.stringify(value.toSorted())
  return typeof value === 'string' ? value.trim() : value
}

/** The fields that were changed, as they stand now. */
export function changed<Fields extends object>(before: Fields, after: Fields): Partial<Fields> {
  const keys = Object.keys(after) as (keyof Fields)[]
  return pick(
    after,
    keys.filter((key) => essence(before[key]) !== essence(after[key])),
  )
}

/** What takes a change back: the same fields and no others, as they stood before. */
export const undoing = <Fields extends object>(before: Fields, change: Partial<Fields>): Partial<Fields> =>
  pick(before, Object.keys(change) as (keyof Fields)[])

const pick = <Fields extends object>(fields: Fields, keys: (keyof Fields)[]) =>
  Object.fromEntries(keys.map((key) => [key, fields[key]])) as Partial<Fields>
