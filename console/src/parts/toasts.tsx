import { Button, Group, Text } from '@mantine/core'
import { type NotificationData, notifications } from '@mantine/notifications'
import { IconAlertCircle, IconCheck } from '@tabler/icons-react'
import i18next from 'i18next'
import { ServerAway } from '../api/problem'
import { RefusalWords } from './Refusal'

/** Says that something was refused, where no field is there to say it at. */
export function tell(error: unknown) {
  show({
    color: 'red',
    icon: <IconAlertCircle size={18} aria-hidden />,
    message: <RefusalWords error={error} />,
    autoClose: 10_000,
    role: 'alert',
    closeButtonProps: closeButton(),
  })
}

/** Says that something was done, with the way back where there is one. It is offered again where nobody answered. */
export function say(message: string, undo?: () => Promise<unknown>) {
  const id = crypto.randomUUID()
  const takeBack = () => {
    notifications.hide(id)
    undo?.().then(
      () => say(i18next.t('common.undone')),
      (error: unknown) => {
        tell(error)
        if (error instanceof ServerAway) say(message, undo)
      },
    )
  }
  show({
    id,
    icon: <IconCheck size={18} aria-hidden />,
    color: 'teal.8',
    autoClose: undo ? 12_000 : 4_000,
    closeButtonProps: closeButton(),
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">{message}</Text>
        {undo && (
          <Button size="compact-sm" variant="default" onClick={takeBack}>
            {i18next.t('common.undo')}
          </Button>
        )}
      </Group>
    ),
  })
}

let shown = 0

/** The newest stands on top, where one looks for it. Beyond the limit the oldest make room, and do not come back. */
function show(notification: NotificationData) {
  shown += 1
  notifications.show({ ...notification, priority: shown })
  notifications.cleanQueue()
}

const closeButton = () => ({ 'aria-label': i18next.t('common.close') })
