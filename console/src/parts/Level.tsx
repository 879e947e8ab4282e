import { IconCheck, IconEye, IconMinus, IconPencil, IconPencilMinus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { LEVEL_TEXTS } from '../api/need'
import classes from './Level.module.css'

const ICONS = {
  none: IconMinus,
  view: IconEye,
  limited: IconPencilMinus,
  edit: IconPencil,
  allowed: IconCheck,
} as const

/** A level of a permission: a sign and a word, and whether it holds for own systems only. */
export function Level({ level: text, terse = false }: { level: string; terse?: boolean }) {
  const { t } = useTranslation()
  const [word = 'none', own] = text.split(' ')
  const known = word in ICONS ? (word as keyof typeof ICONS) : 'none'
  const Icon = ICONS[known]
  const name = t(LEVEL_TEXTS[known])
  const words = own ? t('roles.own', { level: name }) : name
  return (
    <span className={classes.level} data-level={word} title={terse ? words : undefined}>
      <Icon size={15} stroke={1.8} aria-hidden />
      <span className={terse ? classes.hidden : undefined}>{words}</span>
      {terse && own && <sup aria-hidden>{t('roles.ownMark')}</sup>}
    </span>
  )
}
