import { Alert, Anchor, Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Refused, ServerAway, ConsoleError } from '../../api/problem'
import { ServerWords } from '../ServerWords'

/** Why something was refused, with the id that finds the line in its log. */
export function Refusal({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation()
  if (!error) return null
  return (
    <Alert color="red" variant="light" icon={<IconAlertCircle aria-hidden />} role="alert">
      <RefusalWords error={error} />
      {retry && canHelp(error) && (
        <Anchor component="button" type="button" size="sm" mt={4} onClick={retry}>
          {t('common.retry')}
        </Anchor>
      )}
    </Alert>
  )
}

/** Whether the same may be answered otherwise a moment later; what a rule refused stays refused. */
function canHelp(error: unknown): boolean {
  if (!(error instanceof Refused)) return true
  const { status, code } = error.problem
  return status >= 500 || status === 429 || code === 'foreign_answer'
}

export function RefusalWords({ error }: { error: unknown }) {
  const { t } = useTranslation()
  if (error instanceof ServerAway) return t('common.away')
  if (error instanceof ConsoleError) return error.message
  if (!(error instanceof Refused)) return t('common.brokenText')
  const { detail, errors, request_id, status } = error.problem
  const parts = (errors ?? []).filter((part) => part.detail !== detail)
  return (
    <>
      <Text size="sm">
        <ServerWords of={error.problem} />
      </Text>
      {parts.length > 0 && parts.length <= 5 && (
        <ul style={{ margin: '4px 0 0', paddingInlineStart: 18 }}>
          {parts.map((part) => (
            <li key={part.pointer + part.code}>
              <ServerWords of={part} />
            </li>
          ))}
        </ul>
      )}
      {status >= 500 && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('common.requestId', { id: request_id })}
        </Text>
      )}
    </>
  )
}
