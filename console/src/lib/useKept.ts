import { useState } from 'react'

/**
 * The last good answer about `subject`: the next one may be on its way, be refused or not come at all, and the page keeps what
 * it shows. `answer` has to be the same object as long as it says the same.
 */
export function useKept<T>(answer: T | undefined, subject: string): T | undefined {
  const [kept, keep] = useState({ answer, subject })
  const isNew = subject !== kept.subject || (answer !== undefined && answer !== kept.answer)
  if (isNew) keep({ answer, subject })
  return isNew ? answer : kept.answer
}
