import { useTranslation } from 'react-i18next'
import { type Answer, answerIn } from '../texts/answers'

/** What the server says, in the language of the page, or else in its own, which a screen reader then reads as such. */
export function ServerWords({ of }: { of: Answer }) {
  const { i18n } = useTranslation()
  return answerIn(i18n.language, of) ?? <span lang="en">{of.detail}</span>
}
