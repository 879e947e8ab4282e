import type { Part } from '../../api/problem'
import { ServerWords } from '../ServerWords'

/** A part of a refusal, and what the page itself says about it. */
type Words = Part & { own?: string | undefined }

/** Everything that is wrong with a field: by the page, else by the server. */
export function FieldErrors({ words }: { words: Words[] }) {
  return words.map(({ own, ...part }) => (
    <span key={part.code + part.detail} style={{ display: 'block' }}>
      {own ?? <ServerWords of={part} />}
    </span>
  ))
}
