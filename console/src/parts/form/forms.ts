import type { UseFormReturnType } from '@mantine/form'
import { createElement } from 'react'
import { type Part, Refused } from '../../api/problem'
import { FieldErrors } from './FieldErrors'

type Form<T> = Pick<UseFormReturnType<T>, 'values' | 'setErrors' | 'getInputNode'>

/** How a page itself says what is wrong with one of its fields; where it does not, the server's words stand there. */
export type Wording = (field: string, part: Part) => string | undefined

/** What the form calls the field that the server points at. */
const pathOf = (pointer: string) => pointer.slice(1).replaceAll('/', '.')

/** Puts what the server refused at the fields it names, all of it, and goes to the first of them. */
export function showAt<T extends object>(form: Form<T>, error: unknown, nameOf = pathOf, wording?: Wording) {
  if (!(error instanceof Refused)) return
  const all = [...error.parts].map(([pointer, parts]) => [nameOf(pointer), parts] as const)
  const known = all.filter(([name]) => name in form.values)
  const said = known.map(([name, parts]) => {
    const words = parts.map((part) => ({ ...part, own: wording?.(name, part) }))
    return [name, createElement(FieldErrors, { words })] as const
  })
  form.setErrors(Object.fromEntries(said))
  reveal(known.map(([name]) => form.getInputNode(name)))
}

/** What is left to say beside the fields: nothing where every part of a refusal has its own. */
export function unplaced<T extends object>(form: Form<T>, error: unknown, nameOf = pathOf): unknown {
  if (!(error instanceof Refused)) return error
  const pointers = [...error.parts.keys()]
  return pointers.length > 0 && pointers.every((pointer) => nameOf(pointer) in form.values) ? undefined : error
}

const FOCUSABLE = 'input, textarea, select, button'
const inOrder = (a: Element, b: Element) =>
  a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : a === b ? 0 : 1

/** Goes to the field that comes first on the page, and shows it whole: what is said about it, too, and nothing lies over it. */
export function reveal(nodes: (Element | null)[]) {
  const first = nodes.filter((node) => node !== null).toSorted(inOrder)[0]
  if (!first) return
  const field = first.matches(FOCUSABLE) ? first : first.querySelector(FOCUSABLE)
  if (field instanceof HTMLElement) field.focus({ preventScroll: true })
  // By then the words stand there, too.
  setTimeout(() => (field ?? first).closest('.mantine-InputWrapper-root')?.scrollIntoView({ block: 'center' }))
}
