import type { UseFormReturnType } from '@mantine/form'
import { Refused } from '../api/problem'

/**
 * Puts what the server refused at the fields it names. True when every part of it found its field, so that nothing is
 * left to say above the form.
 */
export function showAt<T extends Record<string, unknown>>(form: UseFormReturnType<T>, error: unknown): boolean {
  if (!(error instanceof Refused)) return false
  const entries = Object.entries(error.fields).map(
    ([pointer, words]) => [pointer.slice(1).replaceAll('/', '.'), words] as const,
  )
  const known = entries.filter(([path]) => path in form.getValues() || form.getInputNode(path) !== null)
  form.setErrors(Object.fromEntries(known))
  const first = known[0]
  if (first) form.getInputNode(first[0])?.focus()
  return entries.length > 0 && known.length === entries.length
}
