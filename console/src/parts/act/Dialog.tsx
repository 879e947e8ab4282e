import { Drawer, type DrawerProps, Modal, type ModalProps } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { isFocusLost, topDialog } from '../../lib/useFocusReturn'
import { useEscape } from '../../lib/useEscape'

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
  useFocusKept(opened)
  return {
    closeOnEscape: false,
    closeButtonProps: { 'aria-label': t('common.close') },
    'data-open-dialog': opened,
  }
}

/** What has the focus in a dialog may go away or off, as a notice does when it is seen to: then the dialog itself has it. */
function useFocusKept(isOpen: boolean) {
  useEffect(() => {
    if (!isOpen) return
    let frame = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      cancelAnimationFrame(frame)
      clearTimeout(timer)
      // Whoever takes something away says first where the focus goes, and what is off loses it with the next drawing.
      frame = requestAnimationFrame(() => {
        timer = setTimeout(() => {
          if (isFocusLost()) topDialog()?.focus({ preventScroll: true })
        })
      })
    }
    const observer = new MutationObserver(look)
    observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ['disabled'] })
    return () => {
      observer.disconnect()
      cancelAnimationFrame(frame)
      clearTimeout(timer)
    }
  }, [isOpen])
}
