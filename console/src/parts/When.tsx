import { useTranslation } from 'react-i18next'
import { useFormats } from '../lib/formats'

/** A moment to the minute; everything about it on hover. `N/A` where there was none (U-4). */
export function When({ at, ago = false }: { at: string | null | undefined; ago?: boolean }) {
  const { t } = useTranslation()
  const formats = useFormats()
  if (!at) return <span style={{ color: 'var(--mantine-color-dimmed)' }}>{t('common.never')}</span>
  return (
    <time dateTime={at} title={formats.exact(at)}>
      {ago ? formats.ago(at) : formats.time(at)}
    </time>
  )
}
