import { Button, Group, Modal, Text } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useUnsaved } from './typed'

/** Asks before a page with unsaved changes is left, in the console and by closing the window. */
export function UnsavedGuard({ isDirty }: { isDirty: boolean }) {
  const { t } = useTranslation()
  useUnsaved(isDirty)
  const blocker = useBlocker({ shouldBlockFn: () => isDirty, enableBeforeUnload: () => isDirty, withResolver: true })
  const isBlocked = blocker.status === 'blocked'
  return (
    <Modal
      opened={isBlocked}
      onClose={() => blocker.reset?.()}
      title={t('common.unsavedTitle')}
      size="sm"
      centered
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Text size="sm">{t('common.unsavedText')}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => blocker.proceed?.()}>
          {t('common.leave')}
        </Button>
        <Button data-autofocus onClick={() => blocker.reset?.()}>
          {t('common.stay')}
        </Button>
      </Group>
    </Modal>
  )
}
