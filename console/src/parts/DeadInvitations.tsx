import { Group, Text } from '@mantine/core'
import { IconMailX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Notice } from './page/Notice'

interface Props {
  /** Why they cannot be accepted. */
  children: ReactNode
  action?: ReactNode
}

/** Says that an invitation, or several, can no longer be accepted, and offers what helps. */
export function DeadInvitations({ children, action }: Props) {
  return (
    <Notice icon={<IconMailX size={18} aria-hidden />}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{children}</Text>
        {action}
      </Group>
    </Notice>
  )
}
