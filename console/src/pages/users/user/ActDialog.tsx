import { Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type RefObject, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { once } from '../../../lib/once'
import { nameOf } from '../../../lib/person'
import { useAct } from '../../../lib/useAct'
import { useFocusReturn } from '../../../lib/useFocusReturn'
import { Dialog } from '../../../parts/act/Dialog'
import { ImpactWords } from '../../../parts/act/Impact'
import { Refusal } from '../../../parts/act/Refusal'
import { toast } from '../../../parts/act/toasts'
import { useAccount } from '../../../parts/session/me'
import { refreshUsers } from '../bulk'
import type { User } from '../queries'
import { seesOwnPeopleOnly } from '../sight'
import { type Act, BACK, perform } from './acts'

interface Props {
  act: Act
  user: User
  opener: RefObject<HTMLElement | null>
  close: () => void
  /** Called when the person cannot see the user any more. */
  gone?: () => void
}

/** One act on one user: what it does, then doing it, then the way back. */
export function ActDialog({ act, user, opener, close, gone }: Props) {
  const { t } = useTranslation()
  useFocusReturn(true, opener)
  const { slug: account, levels } = useAccount()
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
  // Nobody who is limited to own systems sees who is deleted.
  const isGone = act === 'revoke' || (act === 'delete' && seesOwnPeopleOnly(levels))
  const carryOut = (which: Act) => perform(which, account, user.id, false, headers(which))
  const takeBack = (back: Act) => () => carryOut(back).finally(() => void refreshUsers(account))
  const run = useAct({
    mutationFn: () => carryOut(act),
    onSuccess: () => {
      const back = isGone ? undefined : BACK[act]
      const undone = isMailed ? t('user.undone_delete', { name }) : undefined
      close()
      if (isGone) gone?.()
      void refreshUsers(account, isGone ? user : undefined)
      toast.success(t(`user.done_${act}`, { name }), { of: [user.id], undo: back && takeBack(back), undone })
    },
    onError: () => void refreshUsers(account),
  })
  const data = preview.data
  const impact = data && 'impact' in data ? data.impact : undefined
  const isMailed = act === 'delete' && (impact?.lose_access_count ?? 0) > 0
  const isHard = act === 'disable' || act === 'delete' || act === 'revoke'
  return (
    <Dialog opened onClose={close} isBusy={run.isPending} title={t(`user.act_${act}`)} centered>
      <Stack>
        <Text size="sm" className="given">
          {t(`user.will_${act}`, { name, email: user.email })}
        </Text>
        {preview.isPending && <Skeleton h={40} />}
        {impact && <ImpactWords impact={impact} />}
        {isMailed && (
          <Text size="sm" className="given">
            {t('user.mails_delete', { name })}
          </Text>
        )}
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
