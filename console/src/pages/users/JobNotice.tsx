import { Alert, Button, Group, Progress, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../../api/problem'
import { useFormats } from '../../lib/formats'
import { once } from '../../lib/once'
import { useAct } from '../../lib/useAct'
import { ServerWords } from '../../parts/ServerWords'
import { toast } from '../../parts/act/toasts'
import type { Answer } from '../../texts/answers'
import { type BulkAnswer, PAUSE, isOver, jobQuery, refreshUsers, undoBulk } from './bulk'
import { jobs } from './jobs'

/** Work under way for many people: its real progress, and its end with what came of it. */
export function JobNotice({ account, id }: { account: string; id: string }) {
  const { t } = useTranslation()
  const formats = useFormats()
  const job = useQuery({
    ...jobQuery(account, id),
    refetchInterval: ({ state }) => (isOver(state.data) ? false : PAUSE),
  })
  const wasOver = useRef(false)
  const over = isOver(job.data)
  useEffect(() => {
    if (over && !wasOver.current) void refreshUsers(account)
    wasOver.current = over
  }, [over, account])
  useEffect(() => {
    if (problemOf(job.error)?.status === 404) jobs.forget(account)
  }, [job.error, account])
  const [headers] = useState(once)
  const undo = useAct({
    mutationFn: (steps: BulkAnswer['undo']) => undoBulk(account, steps, headers),
    onSuccess: () => {
      jobs.forget(account)
      toast.success(t('common.undone'))
    },
    onError: (error) => {
      // A step may have taken the place of this job, which is the way back.
      jobs.start(account, id)
      toast.error(error)
    },
    onSettled: () => void refreshUsers(account),
  })
  if (!job.data) return null

  const { state, checked, total, result } = job.data
  const found = (result ?? {}) as { changed?: number; undo?: BulkAnswer['undo'] } & Answer
  const words = {
    queued: t('bulk.jobQueued'),
    running: t('bulk.jobRunning', { done: formats.number(checked), total: formats.number(total) }),
    done: t('bulk.jobDone', { count: found.changed ?? total }),
    failed: t('bulk.jobFailed'),
    canceled: t('bulk.jobCanceled'),
  }[state]
  return (
    <Alert
      variant="light"
      color={state === 'failed' ? 'red' : 'accent'}
      mb="md"
      role="group"
      c="var(--mantine-color-text)"
    >
      <Group justify="space-between" gap="sm">
        {/* Begin and end are announced, not every step between. */}
        <Text size="sm" role="status">
          {over ? words : t('bulk.jobUnderWay')} {state === 'failed' && found.detail && <ServerWords of={found} />}
        </Text>
        <Group gap="xs">
          {state === 'done' && found.undo && found.undo.length > 0 && (
            <Button
              size="compact-sm"
              variant="default"
              loading={undo.isPending}
              onClick={() => undo.mutate(found.undo ?? [])}
            >
              {t('common.undo')}
            </Button>
          )}
          {over && (
            <Button size="compact-sm" variant="subtle" onClick={() => jobs.forget(account)}>
              {t('common.close')}
            </Button>
          )}
        </Group>
      </Group>
      {!over && (
        <>
          <Progress
            value={total > 0 ? (checked / total) * 100 : 0}
            my={6}
            aria-label={t('bulk.jobUnderWay')}
            animated
          />
          <Text size="xs">{words}</Text>
        </>
      )}
    </Alert>
  )
}
