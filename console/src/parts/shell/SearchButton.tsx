import { ActionIcon, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { openPalette } from './openPalette'
import classes from './Shell.module.css'

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform)
/** How the key of commands is written on this machine. */
export const COMMAND_KEY = IS_MAC ? '⌘' : 'Ctrl '

/** Opens the palette, for people who do not know its key. */
export function SearchButton({ compact = false }: { compact?: boolean }) {
  const { t } = useTranslation()
  if (compact) {
    return (
      <ActionIcon variant="subtle" color="gray" size="lg" onClick={openPalette} aria-label={t('shell.palette')}>
        <IconSearch size={20} aria-hidden />
      </ActionIcon>
    )
  }
  return (
    <UnstyledButton className={classes.finder} onClick={openPalette} aria-label={t('shell.palette')}>
      <IconSearch size={15} aria-hidden />
      {t('common.search')}
      <kbd>{COMMAND_KEY}K</kbd>
    </UnstyledButton>
  )
}
