import { CopyButton, Group, Skeleton, Stack, Table, Text, Title, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../api/client'
import { SideDialog } from '../../parts/act/Dialog'
import { Refusal } from '../../parts/act/Refusal'
import { When } from '../../parts/When'
import { useAccount } from '../../parts/session/me'
import { ActorLink, TargetLink } from '../../parts/activity/EventList'
import { type Words, changesOf, useChangeWords } from './changes'
import { eventQuery } from '../../parts/activity/queries'
import { useActionWords } from '../../parts/activity/words'

/** One entry: who, from where, and what stood before and after. */
export function EventDrawer({ entry, close }: { entry: string | undefined; close: () => void }) {
  const { t } = useTranslation()
  const [last, setLast] = useState(entry)
  if (entry && entry !== last) setLast(entry)
  return (
    <SideDialog opened={entry !== undefined} onClose={close} size={560} title={t('activity.entry')}>
      {last && <Content entry={last} />}
    </SideDialog>
  )
}

function Content({ entry }: { entry: string }) {
  const { t } = useTranslation()
  const words = useActionWords()
  const { slug } = useAccount()
  const found = useQuery(eventQuery(slug, entry))
  if (found.isPending) return <Skeleton h={200} />
  if (found.isError) return <Refusal error={found.error} retry={() => void found.refetch()} />
  const event = found.data
  const facts = [
    [t('activity.when'), <When key="at" at={event.at} />],
    [t('activity.who'), <ActorLink key="actor" actor={event.actor} />],
    [t('activity.ip'), event.ip],
    [t('activity.reason'), event.reason],
    [t('activity.request'), event.request_id],
  ].filter(([, value]) => value)
  return (
    <Stack gap="lg">
      <div>
        <Title order={2}>{words(event.action)}</Title>
        <Text size="xs" c="dimmed">
          {event.seq !== null && event.seq !== undefined && `${t('activity.place', { seq: event.seq })} · `}
          {event.action}
        </Text>
      </div>
      <Table withRowBorders={false} verticalSpacing={4} horizontalSpacing={0} fz="sm">
        <Table.Tbody>
          {facts.map(([name, value]) => (
            <Table.Tr key={String(name)}>
              <Table.Td c="dimmed" w={120}>
                {name}
              </Table.Td>
              <Table.Td className="given">{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {event.targets.map((target) => (
        <Change key={target.kind + target.id} target={target} />
      ))}
      {event.target_count > event.targets.length && (
        <Text size="sm" c="dimmed">
          {t('activity.moreTargets', { count: event.target_count - event.targets.length })}
        </Text>
      )}
      {event.hash && <Hash hash={event.hash} />}
    </Stack>
  )
}

function Hash({ hash }: { hash: string }) {
  const { t } = useTranslation()
  return (
    <CopyButton value={hash}>
      {({ copied, copy }) => (
        <Group gap={6}>
          <Text size="xs" c="dimmed">
            {t('activity.hash')}
          </Text>
          <UnstyledButton onClick={copy} fz={12} mih={24} ff="monospace" aria-label={`${t('common.copy')}: ${hash}`}>
            {copied ? t('common.copied') : `${hash.slice(0, 24)}…`}
          </UnstyledButton>
        </Group>
      )}
    </CopyButton>
  )
}

function Change({ target }: { target: Schema['EventChange'] }) {
  const { t } = useTranslation()
  const words = useChangeWords()
  const changes = changesOf(target.before, target.after)
  return (
    <section>
      <Title order={3} mb={4} className="given">
        <TargetLink target={target} />
      </Title>
      {changes.length > 0 && (
        <Table verticalSpacing={5} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('stale.field')}</Table.Th>
              <Table.Th scope="col">{t('activity.before')}</Table.Th>
              <Table.Th scope="col">{t('activity.after')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {changes.map(({ field, before, after }) => (
              <Table.Tr key={field}>
                <Table.Th scope="row" fw={400}>
                  <Said {...words.field(field)} />
                </Table.Th>
                <Table.Td className="given" c="dimmed">
                  <Said {...words.value(field, before)} />
                </Table.Td>
                <Table.Td className="given">
                  <Said {...words.value(field, after)} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  )
}

const Said = ({ text, lang }: Words) => <bdi lang={lang}>{text}</bdi>
