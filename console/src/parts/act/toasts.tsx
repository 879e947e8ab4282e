import { Button, Group, Text } from '@mantine/core'
import { type NotificationData, notifications } from '@mantine/notifications'
import { IconAlertCircle, IconCheck } from '@tabler/icons-react'
import i18next from 'i18next'
import { ServerAway } from '../../api/problem'
import { RefusalWords } from './Refusal'

/** Says that something was refused, where no field is there to say it at. */
function error(reason: unknown) {
  show({
    color: 'red',
    icon: <IconAlertCircle size={18} aria-hidden />,
    message: <RefusalWords error={reason} />,
    autoClose: 10_000,
    role: 'alert',
    closeButtonProps: closeButton(),
  })
}

interface Change {
  /** Ids of what was changed. A newer change of one of them takes the older way back away: it would undo more than it says. */
  of: readonly string[]
  undo?: (() => Promise<unknown>) | undefined
  /** What is said when it was taken back, where something of it cannot be: a mail that was sent. */
  undone?: string | undefined
}

/** What the shown ways back are about, by the id of their message. */
const waysBack = new Map<string, readonly string[]>()

/** Says that something was done, with the way back where there is one. It works once, and is offered again where nobody answered. */
function success(message: string, { of, undo, undone }: Change = { of: [] }) {
  const id = crypto.randomUUID()
  const changed = new Set(of)
  for (const [older, ids] of waysBack) {
    if (!ids.some((one) => changed.has(one))) continue
    waysBack.delete(older)
    notifications.hide(older)
  }
  if (undo) waysBack.set(id, of)
  const takeBack = () => {
    // The message stands there for another moment, and its button can be pressed again.
    if (!waysBack.delete(id)) return
    notifications.hide(id)
    undo?.().then(
      () => success(undone ?? i18next.t('common.undone')),
      (reason: unknown) => {
        error(reason)
        if (reason instanceof ServerAway) success(message, { of, undo, undone })
      },
    )
  }
  show({
    id,
    icon: <IconCheck size={18} aria-hidden />,
    color: 'teal.8',
    autoClose: undo ? 12_000 : message.length > 60 ? 8_000 : 4_000,
    closeButtonProps: closeButton(),
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">{message}</Text>
        {undo && (
          <Button size="compact-sm" variant="default" style={{ flex: 'none' }} onClick={takeBack}>
            {i18next.t('common.undo')}
          </Button>
        )}
      </Group>
    ),
  })
}

/** Short messages at the edge of the page. */
export const toast = { success, error }

let shown = 0

/** The newest stands on top, where one looks for it. Beyond the limit the oldest make room, and do not come back. */
function show(notification: NotificationData) {
  shown += 1
  notifications.show({ ...notification, priority: shown })
  notifications.cleanQueue()
}

const closeButton = () => ({ 'aria-label': i18next.t('common.close') })
