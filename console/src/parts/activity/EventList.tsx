import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../lib/formats'
import look from '../list/Rows.module.css'
import { When } from '../When'
import { AnchorLink, isControl } from '../../ui/links'
import classes from './EventList.module.css'
import type { Event } from './queries'
import type { ActivitySearch } from './search'
import { type Target, useActionWords, useTargetName } from './words'

/** Entries of the log, newest first: what, to whom, by whom, when. */
export function EventList({ events, opened }: { events: Event[]; opened: string | undefined }) {
  const { t } = useTranslation()
  const words = useActionWords()
  const navigate = useNavigate({ from: '/accounts/$account/activity' })
  const open = (entry: string) => void navigate({ search: (old) => ({ ...old, entry }), resetScroll: false })
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
            <tr
              key={event.id}
              data-opened={event.id === opened || undefined}
              onClick={(click) => {
                if (isControl(click)) return
                // The drawer gives the focus back to where it came from.
                click.currentTarget.querySelector('a')?.focus({ preventScroll: true })
                open(event.id)
              }}
            >
              <td>
                <When at={event.at} />
              </td>
              <td>
                <AnchorLink
                  from="/accounts/$account/activity"
                  to="."
                  search={(old) => ({ ...old, entry: event.id })}
                  className={classes.target}
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
                <ActorLink actor={event.actor} />
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
  const nameOf = useTargetName()
  const labels = event.targets.map(nameOf)
  const more = event.target_count - labels.length
  const shown = more > 0 ? [...labels, t('activity.moreTargets', { count: more })] : labels
  const [only] = event.targets
  if (!only)
    return (
      <Text span c="dimmed">
        –
      </Text>
    )
  if (shown.length === 1) return <TargetLink target={only} />
  return <span title={labels.join('\n')}>{formats.list(shown)}</span>
}

/** A name in the log that narrows it to its bearer: to what they did, or to what happened to them. */
export function Narrowing({ by, title, children }: { by: ActivitySearch; title: string; children: ReactNode }) {
  return (
    <AnchorLink
      from="/accounts/$account/activity"
      to="."
      search={(old) => ({ ...old, ...by, cursor: undefined, towards: undefined, entry: undefined })}
      title={title}
      className={classes.target}
      c="inherit"
      fz="inherit"
    >
      {children}
    </AnchorLink>
  )
}

/** Who did it, with the way to what else they did. */
export function ActorLink({ actor }: { actor: Event['actor'] }) {
  const { t } = useTranslation()
  if (!actor.id) return <Actor actor={actor} />
  return (
    <Narrowing by={{ actor: actor.id }} title={t('activity.onlyBy', { name: actor.label || actor.id })}>
      <Actor actor={actor} />
    </Narrowing>
  )
}

/** What it was done to, with the way to what else happened to that. */
export function TargetLink({ target }: { target: Target }) {
  const { t } = useTranslation()
  const name = useTargetName()(target)
  return (
    <Narrowing by={{ target: target.id }} title={t('activity.onlyTo', { name })}>
      <bdi>{name}</bdi>
    </Narrowing>
  )
}

export function Actor({ actor }: { actor: Event['actor'] }) {
  const { t } = useTranslation()
  if (actor.kind === 'operator') return t('activity.operator')
  if (actor.kind === 'system') return t('activity.system')
  return (
    <bdi>
      {actor.label || actor.id || t('activity.somebodyElse')}
      {actor.kind === 'api_key' && ` (${t('activity.apiKey')})`}
    </bdi>
  )
}
