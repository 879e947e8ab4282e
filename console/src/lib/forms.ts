import type { UseFormReturnType } from '@mantine/form'
import { createElement } from 'react'
import { Refused } from '../api/problem'
import { ServerWords } from '../parts/ServerWords'

type Form<T> = Pick<UseFormReturnType<T>, 'values' | 'setErrors' | 'getInputNode'>

/** What the form calls the field that the server points at. */
const pathOf = (pointer: string) => pointer.slice(1).replaceAll('/', '.')

/** Puts what the server refused at the fields it names, and goes to the first of them. */
export function showAt<T extends object>(form: Form<T>, error: unknown, nameOf = pathOf) {
  if (!(error instanceof Refused)) return
  const all = Object.entries(error.fields).map(([pointer, words]) => [nameOf(pointer), words] as const)
  const known = all.filter(([name]) => name in form.values)
  form.setErrors(Object.fromEntries(known.map(([name, words]) => [name, createElement(ServerWords, null, words)])))
  const first = known[0]
  if (first) form.getInputNode(first[0])?.focus()
}

/** What is left to say beside the fields: nothing where every part of a refusal has its own. */
export function unplaced<T extends object>(form: Form<T>, error: unknown, nameOf = pathOf): unknown {
  if (!(error instanceof Refused)) return error
  const pointers = Object.keys(error.fields)
  return pointers.length > 0 && pointers.every((pointer) => nameOf(pointer) in form.values) ? undefined : error
}
