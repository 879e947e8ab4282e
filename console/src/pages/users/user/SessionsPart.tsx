import { Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client'
import { queryClient } from '../../../api/queryClient'
import { useAct } from '../../../lib/useAct'
import { Refusal } from '../../../parts/act/Refusal'
import { Sessions } from '../../../parts/session/Sessions'
import { WhyNot } from '../../../parts/act/WhyNot'
import { toast } from '../../../parts/act/toasts'
import { useAccount, useWhyNot } from '../../../parts/session/me'
import { userSessionsQuery } from '../queries'

/** Where a user is signed in, and the way to sign them out. */
export function SessionsPart({ user }: { user: string }) {
  const { t } = useTranslation()
  const { slug: account } = useAccount()
  const sessions = useQuery(userSessionsQuery(account, user))
  const whyNot = useWhyNot('revoke_user_sessions')
  const endOne = useMutation({
    mutationFn: (session: string) =>
      api.DELETE('/api/v1/accounts/{account}/users/{user}/sessions/{session}', {
        params: { path: { account, user, session } },
      }),
    onSuccess: () => toast.success(t('profile.signedOutOne')),
    onError: toast.error,
    onSettled: () => queryClient.invalidateQueries(userSessionsQuery(account, user)),
  })
  const end = useAct({
    mutationFn: () =>
      api.DELETE('/api/v1/accounts/{account}/users/{user}/sessions', { params: { path: { account, user } } }),
    onSuccess: () => toast.success(t('user.signedOut')),
    onError: toast.error,
    onSettled: () => queryClient.invalidateQueries(userSessionsQuery(account, user)),
  })
  if (sessions.isPending) {
    return (
      <Stack aria-busy>
        <Skeleton h={38} />
        <Skeleton h={38} />
      </Stack>
    )
  }
  if (sessions.isError) return <Refusal error={sessions.error} retry={() => void sessions.refetch()} />
  return (
    <>
      {sessions.data.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('user.noSession')}
        </Text>
      )}
      <Sessions
        sessions={sessions.data}
        {...(!whyNot && { end: endOne.mutate })}
        ending={endOne.isPending ? endOne.variables : undefined}
      />
      {sessions.data.length > 0 && (
        <Group justify="flex-end" mt="md">
          <WhyNot why={whyNot}>
            <Button variant="default" loading={end.isPending} onClick={() => end.mutate()}>
              {t('user.signOut')}
            </Button>
          </WhyNot>
        </Group>
      )}
    </>
  )
}
