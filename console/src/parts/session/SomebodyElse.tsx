import { Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { meQuery } from '../../api/queries'
import { leaveFor } from '../../lib/typed'
import { Dialog } from '../act/Dialog'
import { stranger } from '../../api/tabs'

const reload = () => void leaveFor(window.location.pathname + window.location.search)

/** Covers the page of somebody in whose place somebody else is signed in by now. */
export function SomebodyElse() {
  const { t } = useTranslation()
  const { data: me } = useQuery({ ...meQuery, enabled: false })
  const email = stranger.use()
  return (
    <Dialog
      opened={email !== undefined}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnClickOutside={false}
      title={<span className="given">{email ? t('session.somebodyElse', { email }) : t('session.why_left')}</span>}
      size="sm"
      zIndex={500}
      overlayProps={{ blur: 3 }}
      centered
    >
      <Text size="sm" className="given">
        {t('session.somebodyElseText', { email: me?.value.email })}
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button onClick={reload} data-autofocus>
          {t('common.reload')}
        </Button>
      </Group>
    </Dialog>
  )
}
