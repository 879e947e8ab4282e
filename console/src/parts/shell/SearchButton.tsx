import { ActionIcon, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { openPalette } from './openPalette'
import classes from './Shell.module.css'

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform)

/** How a key together with that of commands is written on this machine. */
export function useCommandKey() {
  const { t } = useTranslation()
  return (key: string) => (IS_MAC ? `⌘${key}` : `${t('shell.ctrl')} ${key}`)
}

/** Opens the palette, for people who do not know its key. */
export function SearchButton({ compact = false }: { compact?: boolean }) {
  const { t } = useTranslation()
  const commandKey = useCommandKey()
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
      <kbd>{commandKey('K')}</kbd>
    </UnstyledButton>
  )
}
