import { useTranslation } from 'react-i18next'
import type { Part } from '../api/problem'
import { ServerWords } from './ServerWords'

/** A part of a refusal, and what the page itself says about it. */
type Words = Part & { own?: string | undefined }

/** Everything that is wrong with a field: by the page, else by the code in the person's language, else in the server's words. */
export function FieldErrors({ words }: { words: Words[] }) {
  const { t, i18n } = useTranslation()
  return words.map(({ code, detail, own }) => {
    const key = `errors.${code}`
    return (
      <span key={code + detail} style={{ display: 'block' }}>
        {own ?? (i18n.exists(key) ? t(key as 'errors.breached') : <ServerWords>{detail}</ServerWords>)}
      </span>
    )
  })
}
