import { Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type RefObject, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { once } from '../../lib/once'
import { nameOf } from '../../lib/person'
import { useFocusReturn } from '../../lib/useFocusReturn'
import { Dialog } from '../../parts/Dialog'
import { ImpactWords } from '../../parts/Impact'
import { Refusal } from '../../parts/Refusal'
import { say } from '../../parts/toasts'
import { useAccount } from '../../session/me'
import { refreshUsers } from '../users/bulk'
import type { User } from '../users/queries'
import { type Act, BACK, perform } from './acts'

interface Props {
  act: Act
  user: User
  opener: RefObject<HTMLElement | null>
  close: () => void
}

/** One act on one user: what it does, then doing it, then the way back. */
export function ActDialog({ act, user, opener, close }: Props) {
  const { t } = useTranslation()
  useFocusReturn(true, opener)
  const { slug: account } = useAccount()
  const name = nameOf(user)
  const preview = useQuery({
    // No part of what is refreshed when it is done: nobody asks what doing it again would do.
    queryKey: [account, 'preview', act, user.id],
    queryFn: () => perform(act, account, user.id, true),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  const [headers] = useState(once)
  const carryOut = (which: Act) =>
    perform(which, account, user.id, false, headers(which)).finally(() => void refreshUsers(account))
  const run = useMutation({
    mutationFn: () => carryOut(act),
    onSuccess: () => {
      const back = BACK[act]
      close()
      say(t(`user.done_${act}`, { name }), back && (() => carryOut(back)))
    },
  })
  const data = preview.data
  const impact = data && 'impact' in data ? data.impact : undefined
  const isHard = act === 'disable' || act === 'delete' || act === 'withdraw'
  return (
    <Dialog opened onClose={close} isBusy={run.isPending} title={t(`user.act_${act}`)} centered>
      <Stack>
        <Text size="sm" className="given">
          {t(`user.will_${act}`, { name, email: user.email })}
        </Text>
        {preview.isPending && <Skeleton h={40} />}
        {impact && <ImpactWords impact={impact} />}
        <Refusal error={run.error ?? preview.error} />
        <Group justify="flex-end">
          <Button variant="default" disabled={run.isPending} onClick={close} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button
            color={isHard ? 'red.8' : undefined}
            disabled={!preview.isSuccess}
            loading={run.isPending}
            onClick={() => run.mutate()}
          >
            {t(`user.act_${act}`)}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
