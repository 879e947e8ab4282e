import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFocusReturn } from '../../lib/useFocusReturn'
import { ConfirmDialog } from '../act/ConfirmDialog'

/** Asks before somebody signs out of a page on which something would be lost. */
export function SignOutQuestion({ stay, leave }: { stay: () => void; leave: () => void }) {
  const { t } = useTranslation()
  useFocusReturn(true)
  return (
    <ConfirmDialog isOpen close={stay} title={t('common.unsavedTitle')} text={t('common.unsavedText')}>
      <Button variant="default" onClick={leave}>
        {t('shell.signOut')}
      </Button>
      <Button data-autofocus onClick={stay}>
        {t('common.stay')}
      </Button>
    </ConfirmDialog>
  )
}
