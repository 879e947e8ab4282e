import { sentence } from '../api/problem'

/** A sentence of the server, in the language that it speaks: a screen reader reads it as such. */
export function ServerWords({ children }: { children: string }) {
  return <span lang="en">{sentence(children)}</span>
}
