import { Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Dialog } from './Dialog'

interface Props {
  isOpen: boolean
  close: () => void
  title: string
  text: string
  /** The buttons that answer. */
  children: ReactNode
}

/** A short question in the middle of the page. */
export function ConfirmDialog({ isOpen, close, title, text, children }: Props) {
  return (
    <Dialog opened={isOpen} onClose={close} title={title} size="sm" centered>
      <Text size="sm">{text}</Text>
      <Group justify="flex-end" mt="lg">
        {children}
      </Group>
    </Dialog>
  )
}
