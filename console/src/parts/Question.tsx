import { Group, Modal, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  isOpen: boolean
  close: () => void
  title: string
  text: string
  /** The buttons that answer. */
  children: ReactNode
}

/** A short question in the middle of the page. */
export function Question({ isOpen, close, title, text, children }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={title}
      size="sm"
      centered
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Text size="sm">{text}</Text>
      <Group justify="flex-end" mt="lg">
        {children}
      </Group>
    </Modal>
  )
}
