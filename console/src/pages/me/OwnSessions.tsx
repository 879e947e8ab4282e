import { Button, Skeleton, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { mySessionsQuery } from '../../api/queries'
import { queryClient } from '../../api/queryClient'
import { hasUnsaved } from '../../lib/typed'
import { useAct } from '../../lib/useAct'
import { ConfirmDialog } from '../../parts/act/ConfirmDialog'
import { Refusal } from '../../parts/act/Refusal'
import { Section } from '../../parts/form/Section'
import { Sessions } from '../../parts/session/Sessions'
import { toast } from '../../parts/act/toasts'
import { leave } from '../../parts/session/leave'

/** Where the person is signed in, and the way out of one browser or of all. */
export function OwnSessions() {
  const { t } = useTranslation()
  const sessions = useQuery(mySessionsQuery)
  const [isAsking, dialog] = useDisclosure(false)
  const end = useMutation({
    mutationFn: (session: string) => api.DELETE('/api/v1/me/sessions/{session}', { params: { path: { session } } }),
    onSuccess: () => toast.success(t('profile.signedOutOne')),
    onError: toast.error,
    onSettled: () => queryClient.invalidateQueries(mySessionsQuery),
  })
  const endAll = useAct({
    mutationFn: () => leave(() => api.DELETE('/api/v1/me/sessions'), 'left_everywhere'),
    onError: toast.error,
  })
  return (
    <Section
      title={t('profile.sessions')}
      text={t('profile.sessionsText')}
      action={
        <Button variant="default" size="xs" onClick={dialog.open}>
          {t('profile.signOutAll')}
        </Button>
      }
    >
      {sessions.isPending && (
        <Stack aria-busy>
          <Skeleton h={36} />
          <Skeleton h={36} />
        </Stack>
      )}
      <Refusal error={sessions.error} retry={() => void sessions.refetch()} />
      {sessions.data && (
        <Sessions sessions={sessions.data} end={end.mutate} ending={end.isPending ? end.variables : undefined} />
      )}
      <ConfirmDialog
        isOpen={isAsking}
        close={dialog.close}
        title={t('profile.signOutAll')}
        text={`${t('profile.signOutAllText')} ${hasUnsaved() ? t('common.unsavedText') : ''}`}
      >
        <Button variant="default" onClick={dialog.close} data-autofocus>
          {t('common.cancel')}
        </Button>
        <Button color="red.8" loading={endAll.isPending} onClick={() => endAll.mutate()}>
          {t('profile.signOutAll')}
        </Button>
      </ConfirmDialog>
    </Section>
  )
}
