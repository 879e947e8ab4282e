import { Button } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../act/ConfirmDialog'
import { useUnsaved } from '../../lib/typed'

/** Asks before a page with unsaved changes is left within the console. */
export function UnsavedGuard({ isDirty }: { isDirty: boolean }) {
  const { t } = useTranslation()
  useUnsaved(isDirty)
  const blocker = useBlocker({
    shouldBlockFn: () => isDirty,
    // Whoever closes the window is asked about whatever was typed anywhere.
    enableBeforeUnload: false,
    withResolver: true,
  })
  return (
    <ConfirmDialog
      isOpen={blocker.status === 'blocked'}
      close={() => blocker.reset?.()}
      title={t('common.unsavedTitle')}
      text={t('common.unsavedText')}
    >
      <Button variant="default" onClick={() => blocker.proceed?.()}>
        {t('common.leave')}
      </Button>
      <Button data-autofocus onClick={() => blocker.reset?.()}>
        {t('common.stay')}
      </Button>
    </ConfirmDialog>
  )
}
