import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../api/client'
import { useFormats } from '../../lib/formats'
import { nameOf } from '../../lib/person'
import { Level } from '../Level'

type Impact = Schema['ImpactView']

const NAMED = 3

/** What a change does to people: who loses or gains what, and how many the person does not see any more afterwards. */
export function ImpactWords({ impact, unseen = 0 }: { impact: Impact; unseen?: number | undefined }) {
  const { t } = useTranslation()
  const { lose_access_count: lose, gain_access_count: gain, sessions_ended, api_keys_ended, links_ended } = impact
  const ended = [
    sessions_ended > 0 && t('impact.sessions', { count: sessions_ended }),
    api_keys_ended > 0 && t('impact.keys', { count: api_keys_ended }),
    links_ended > 0 && t('impact.links', { count: links_ended }),
  ].filter((part) => part !== false)
  const lines = [
    lose > 0 && { key: 'lose', text: t('impact.lose', { count: lose }), who: impact.lose_access },
    gain > 0 && { key: 'gain', text: t('impact.gain', { count: gain }), who: impact.gain_access },
  ].filter((line) => line !== false)
  const { invitations_lost_count: dying, invitations_sent_count: sent, invitations_unsent_count: unsent } = impact
  if (isNothing(impact) && unseen === 0) return null
  return (
    <ul style={{ margin: 0, paddingInlineStart: 18, fontSize: 13, lineHeight: 1.6 }}>
      {lines.map(({ key, text, who }) => (
        <li key={key}>
          {text} <Names who={who} count={key === 'lose' ? lose : gain} />
        </li>
      ))}
      {dying > 0 && (
        <li>
          {t('impact.invitationsLost', { count: dying })} <Names who={impact.invitations_lost} count={dying} />{' '}
          {t('impact.takeOver')}
        </li>
      )}
      {sent > 0 && <li>{t('impact.invitationsSent', { count: sent })}</li>}
      {unsent > 0 && <li>{t('impact.invitationsUnsent', { count: unsent })}</li>}
      {ended.length > 0 && <li>{t('impact.ended', { what: ended.join(' · ') })}</li>}
      <Systems effects={impact.systems_lost} words="impact.systemsLost" />
      <Systems effects={impact.systems_gained} words="impact.systemsGained" />
      <Permissions effects={impact.permissions_lost} words="impact.permissionLost" />
      <Permissions effects={impact.permissions_gained} words="impact.permissionGained" />
      {unseen > 0 && <li>{t('impact.unseen', { count: unseen })}</li>}
    </ul>
  )
}

/** Whether nobody notices. */
export const isNothing = (impact: Impact) =>
  touched(impact) +
    impact.lose_access_count +
    impact.gain_access_count +
    impact.invitations_lost_count +
    impact.invitations_sent_count +
    impact.invitations_unsent_count +
    impact.sessions_ended +
    impact.api_keys_ended +
    impact.links_ended ===
  0

const touched = ({ systems_lost, systems_gained, permissions_lost, permissions_gained }: Impact) =>
  systems_lost.length + systems_gained.length + permissions_lost.length + permissions_gained.length

function Names({ who, count }: { who: Impact['lose_access']; count: number }) {
  const { t } = useTranslation()
  const formats = useFormats()
  const names = who.slice(0, NAMED).map(nameOf)
  const rest = count - names.length
  return (
    <Text span c="dimmed" inherit>
      ({formats.list(rest > 0 ? [...names, t('impact.others', { count: rest })] : names)})
    </Text>
  )
}

function Systems({
  effects,
  words,
}: {
  effects: Impact['systems_lost']
  words: 'impact.systemsLost' | 'impact.systemsGained'
}) {
  const { t } = useTranslation()
  return effects.map(({ id, name, users }) => <li key={words + id}>{t(words, { count: users, system: name })}</li>)
}

function Permissions({
  effects,
  words,
}: {
  effects: Impact['permissions_lost']
  words: 'impact.permissionLost' | 'impact.permissionGained'
}) {
  const { t } = useTranslation()
  return effects.map(({ key, name, before, after, users }) => (
    <li key={words + key + before + after}>
      {t(words, { count: users, permission: name })} <Level level={before} /> → <Level level={after} />
    </li>
  ))
}
