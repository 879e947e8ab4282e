import { IconCheck, IconEye, IconMinus, IconPencil, IconPencilMinus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './Level.module.css'

const LOOKS = {
  none: { icon: IconMinus, text: 'roles.levelNone' },
  view: { icon: IconEye, text: 'roles.levelView' },
  limited: { icon: IconPencilMinus, text: 'roles.levelLimited' },
  edit: { icon: IconPencil, text: 'roles.levelEdit' },
  allowed: { icon: IconCheck, text: 'roles.levelAllowed' },
} as const

/** A level of a permission: a sign and a word, and whether it holds for own systems only. */
export function Level({ level: text, terse = false }: { level: string; terse?: boolean }) {
  const { t } = useTranslation()
  const [word = 'none', own] = text.split(' ')
  const look = LOOKS[word as keyof typeof LOOKS] ?? LOOKS.none
  const Icon = look.icon
  const words = own ? t('roles.own', { level: t(look.text) }) : t(look.text)
  return (
    <span className={classes.level} data-level={word} title={terse ? words : undefined}>
      <Icon size={15} stroke={1.8} aria-hidden />
      <span className={terse ? classes.hidden : undefined}>{words}</span>
      {terse && own && <sup aria-hidden>{t('roles.ownMark')}</sup>}
    </span>
  )
}
