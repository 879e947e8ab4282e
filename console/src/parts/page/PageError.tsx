import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCloudOff, IconLock, IconMoodEmpty } from '@tabler/icons-react'
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { useCallback, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { isAway } from '../../api/connection'
import { ServerAway, problemOf } from '../../api/problem'
import { ButtonLink } from '../../ui/links'
import { Message } from './Message'
import { ServerWords } from '../ServerWords'

/** What stands where a page failed to load: away, refused, gone, or broken. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation()
  const router = useRouter()
  const away = isAway.use()
  const isMissing = error instanceof ServerAway
  const again = useCallback(() => {
    reset()
    void router.invalidate()
  }, [reset, router])
  useEffect(() => {
    if (isMissing && !away) again()
  }, [isMissing, away, again])

  const problem = problemOf(error)
  if (isMissing)
    return <Message icon={<IconCloudOff />} title={t('common.awayTitle')} children={t('common.awayText')} />
  if (problem?.status === 404) return <NotFound />
  if (problem && problem.status >= 500) {
    const retry = <Button onClick={again}>{t('common.retry')}</Button>
    return (
      <Message icon={<IconAlertTriangle />} title={t('common.brokenTitle')} action={retry}>
        <ServerWords of={problem} />
      </Message>
    )
  }
  if (problem) {
    return (
      <Message icon={<IconLock />} title={t('common.refusedTitle')} action={<Home />}>
        <ServerWords of={problem} />
      </Message>
    )
  }
  return (
    <Message
      icon={<IconAlertTriangle />}
      title={t('common.brokenTitle')}
      action={<Button onClick={() => window.location.reload()}>{t('common.reload')}</Button>}
    >
      {t('common.brokenText')}
    </Message>
  )
}

/** A page that the person's role does not include, opened by its address: nothing is asked of the server. */
export function NotAllowed({ role }: { role: string }) {
  const { t } = useTranslation()
  return (
    <Message icon={<IconLock />} title={t('common.refusedTitle')} action={<Home />}>
      {t('common.refusedText', { role })}
    </Message>
  )
}

export function NotFound() {
  const { t } = useTranslation()
  return (
    <Message icon={<IconMoodEmpty />} title={t('common.notFoundTitle')} action={<Home />}>
      {t('common.notFoundText')}
    </Message>
  )
}

function Home() {
  const { t } = useTranslation()
  return (
    <ButtonLink to="/" variant="default" mt="sm">
      {t('common.goHome')}
    </ButtonLink>
  )
}
