import { Group, Progress, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../../api/client'
import { useFormats } from '../../../lib/formats'
import classes from './SeatMeter.module.css'

/** The seats in three layers: members, open invitations, and these. Without a limit only the numbers. */
export function SeatMeter({ seats }: { seats: Schema['SeatMeterView'] }) {
  const { t } = useTranslation()
  const formats = useFormats()
  const { limit, members, pending, these } = seats
  const layers = [
    { key: 'members', count: members, color: 'var(--seat-members)' },
    { key: 'pending', count: pending, color: 'var(--seat-pending)' },
    { key: 'these', count: these, color: 'var(--seat-these)' },
  ] as const
  const whole = Math.max(limit ?? 0, members + pending + these, 1)
  const hasLimit = typeof limit === 'number'
  const summary = hasLimit
    ? t('invite.seatsOf', { taken: formats.number(members + pending + these), limit: formats.number(limit) })
    : t('invite.noLimit')
  return (
    <div className={classes.meter}>
      <Group justify="space-between">
        <Text size="sm" fw={500}>
          {t('invite.seats')}
        </Text>
        <Text size="xs" c="dimmed">
          {summary}
        </Text>
      </Group>
      {hasLimit && (
        <Progress.Root size={10} my={6}>
          {layers.map(({ key, count, color }) => (
            <Progress.Section
              key={key}
              value={(count / whole) * 100}
              color={color}
              aria-label={`${t(`invite.${key}`)}: ${formats.number(count)}`}
            />
          ))}
        </Progress.Root>
      )}
      <Group gap="lg">
        {layers.map(({ key, count, color }) => (
          <Text key={key} size="xs" className={classes.layer}>
            <span className={classes.swatch} style={{ background: color }} aria-hidden />
            {t(`invite.${key}`)} {formats.number(count)}
          </Text>
        ))}
      </Group>
    </div>
  )
}
