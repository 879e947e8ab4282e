import { Alert, Text } from '@mantine/core'
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../api/client'
import { ServerWords } from '../../parts/ServerWords'

/** Whether the log is whole, said clearly. */
export function VerificationResult({ found, close }: { found: Schema['VerificationView']; close: () => void }) {
  const { t } = useTranslation()
  // Without a place the entries follow each other, but their end is not the one that this installation has written.
  const wrong =
    found.broken_at === null || found.broken_at === undefined
      ? t('activity.notSealed')
      : t('activity.broken', { seq: found.broken_at })
  return (
    <Alert
      color={found.ok ? 'teal' : 'red'}
      variant="light"
      icon={found.ok ? <IconShieldCheck aria-hidden /> : <IconShieldX aria-hidden />}
      title={found.ok ? t('activity.whole', { count: found.entries }) : wrong}
      withCloseButton
      closeButtonLabel={t('common.close')}
      onClose={close}
      role="alert"
      mb="md"
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
    >
      <Text size="sm" c="var(--mantine-color-text)">
        {found.ok ? t('activity.wholeText') : found.reason && <ServerWords of={{ detail: found.reason }} />}
      </Text>
      <Text size="xs" ff="monospace" mt={4} className="given" c="var(--mantine-color-text)">
        {found.head}
      </Text>
    </Alert>
  )
}
