import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../lib/formats'
import look from '../../parts/Rows.module.css'
import { When } from '../../parts/When'
import { AnchorLink } from '../../ui/links'
import classes from './EventList.module.css'
import type { Event } from './queries'
import { useActionWords } from './words'

/** Entries of the log, newest first: what, to whom, by whom, when. */
export function EventList({ events, opened }: { events: Event[]; opened: string | undefined }) {
  const { t } = useTranslation()
  const words = useActionWords()
  return (
    <div className={look.frame}>
      <table className={`${look.table} ${classes.table}`}>
        <thead>
          <tr>
            <th scope="col">{t('activity.when')}</th>
            <th scope="col">{t('activity.what')}</th>
            <th scope="col">{t('activity.whom')}</th>
            <th scope="col">{t('activity.who')}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.id} data-opened={event.id === opened || undefined}>
              <td>
                <When at={event.at} />
              </td>
              <td>
                <AnchorLink
                  from="/accounts/$account/activity"
                  to="."
                  search={(old) => ({ ...old, entry: event.id })}
                  fw={500}
                  c="inherit"
                  fz="inherit"
                >
                  {words(event.action)}
                </AnchorLink>
              </td>
              <td>
                <Targets event={event} />
              </td>
              <td>
                <Actor actor={event.actor} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function Targets({ event }: { event: Pick<Event, 'targets' | 'target_count'> }) {
  const { t } = useTranslation()
  const formats = useFormats()
  const labels = event.targets.map(({ label, kind }) => label || kind)
  const more = event.target_count - labels.length
  const shown = more > 0 ? [...labels, t('activity.moreTargets', { count: more })] : labels
  if (shown.length === 0)
    return (
      <Text span c="dimmed">
        –
      </Text>
    )
  return <bdi title={labels.join('\n')}>{formats.list(shown)}</bdi>
}

const KINDS = { operator: 'activity.operator', system: 'activity.system' } as const

export function Actor({ actor }: { actor: Event['actor'] }) {
  const { t } = useTranslation()
  const kind = KINDS[actor.kind as keyof typeof KINDS]
  if (kind) return t(kind)
  return (
    <bdi title={actor.label}>
      {actor.label || actor.id}
      {actor.kind === 'api_key' && ` (${t('activity.apiKey')})`}
    </bdi>
  )
}
