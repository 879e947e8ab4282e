import { Drawer, type DrawerProps, Modal, type ModalProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useEscape } from '../lib/useEscape'

interface Props extends ModalProps {
  /** Something is being carried out: the dialog stays until it is known what came of it. */
  isBusy?: boolean
}

/** A dialog in the middle of the page. Every dialog is one of these two, so that Escape closes only the topmost. */
export function Dialog({ isBusy = false, onClose, ...props }: Props) {
  const close = () => isBusy || onClose()
  return <Modal {...useShared({ ...props, onClose: close })} {...props} onClose={close} />
}

/** A dialog at the side of the page, over what it is about. */
export function SideDialog(props: DrawerProps) {
  return <Drawer position="right" {...useShared(props)} {...props} />
}

function useShared({ opened, onClose }: Pick<ModalProps, 'opened' | 'onClose'>) {
  const { t } = useTranslation()
  useEscape(opened, onClose)
  return { closeOnEscape: false, closeButtonProps: { 'aria-label': t('common.close') } }
}
