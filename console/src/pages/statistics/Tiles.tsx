import { useTranslation } from 'react-i18next'
import { useFormats } from '../../lib/formats'
import classes from './Picture.module.css'
import { signInsOf, sum } from './statistics'
import type { Figures } from './queries'

/** The four numbers that are asked for most. */
export function Tiles({ figures }: { figures: Figures }) {
  const { t } = useTranslation()
  const formats = useFormats()
  const { limit, taken, members, pending } = figures.seats
  const signIns = sum(figures.days.map(signInsOf))
  const tiles = [
    { name: t('insights.active'), value: members },
    { name: t('insights.invited'), value: pending },
    { name: t('insights.signIns'), value: signIns, more: t('insights.inDays', { count: figures.days.length }) },
    {
      name: t('insights.seats'),
      value: taken,
      more:
        typeof limit === 'number' ? t('insights.ofSeats', { limit: formats.number(limit) }) : t('insights.noSeatLimit'),
    },
  ]
  return (
    <dl className={classes.tiles}>
      {tiles.map(({ name, value, more }) => (
        <div key={name} className={classes.tile}>
          <dt>{name}</dt>
          <dd>
            {formats.number(value)} {more && <small>{more}</small>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
