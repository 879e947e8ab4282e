import { Alert, Button, Group, Progress, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { api, body } from '../../api/client'
import { problemOf } from '../../api/problem'
import { useFormats } from '../../lib/formats'
import { say, tell } from '../../parts/toasts'
import { type BulkAnswer, type Job, refreshUsers, undoBulk } from './bulk'
import { jobs } from './jobs'

/** Work under way for many people: its real progress, and its end with what came of it. */
export function JobNotice({ account, id }: { account: string; id: string }) {
  const { t } = useTranslation()
  const formats = useFormats()
  const job = useQuery({
    queryKey: [account, 'jobs', id],
    queryFn: ({ signal }) =>
      body(
        api.GET('/api/v1/accounts/{account}/jobs/{job}', {
          params: { path: { account, job: id } },
          // A refresh of its own does not count as a person's input.
          headers: { 'Portcullis-Background': '1' },
          signal,
        }),
      ),
    refetchInterval: ({ state }) => (isOver(state.data) ? false : 700),
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
  if (!job.data) return null

  const { state, checked, total, result } = job.data
  const found = (result ?? {}) as { changed?: number; undo?: BulkAnswer['undo']; detail?: string }
  const words = {
    queued: t('bulk.jobQueued'),
    running: t('bulk.jobRunning', { done: formats.number(checked), total: formats.number(total) }),
    done: t('bulk.jobDone', { count: found.changed ?? total }),
    failed: t('bulk.jobFailed'),
    cancelled: t('bulk.jobCancelled'),
  }[state]
  const undo = () =>
    undoBulk(account, found.undo ?? [])
      .then(() => say(t('common.undone')), tell)
      .finally(() => {
        jobs.forget(account)
        void refreshUsers(account)
      })
  return (
    <Alert
      variant="light"
      color={state === 'failed' ? 'red' : 'accent'}
      mb="md"
      role="status"
      c="var(--mantine-color-text)"
    >
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {words} {state === 'failed' && found.detail}
        </Text>
        <Group gap="xs">
          {state === 'done' && (found.undo?.length ?? 0) > 0 && (
            <Button size="compact-sm" variant="default" onClick={() => void undo()}>
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
      {!over && <Progress value={total > 0 ? (checked / total) * 100 : 0} mt="xs" aria-label={words} animated />}
    </Alert>
  )
}

const isOver = (job: Job | undefined) => job !== undefined && !['queued', 'running'].includes(job.state)
