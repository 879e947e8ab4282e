import { Button, Text } from '@mantine/core'
import { IconCloudOff } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { askNow, isAway } from '../../api/connection'
import { isOutdated } from '../../api/fetched'
import { queryClient } from '../../api/queryClient'
import classes from './AwayBanner.module.css'
import { toast } from '../act/toasts'

/** Says that the server does not answer, for as long as it does not, and refreshes what is shown afterwards. */
export function AwayBanner() {
  const { t } = useTranslation()
  const away = isAway.use()
  const outdated = isOutdated.use()
  const was = useRef(false)
  useEffect(() => {
    if (was.current && !away) {
      void queryClient.invalidateQueries()
      toast.success(t('common.backAgain'))
    }
    was.current = away
  }, [away, t])
  return (
    <div role="status" aria-live="polite">
      {away && (
        <div className={classes.banner}>
          <IconCloudOff size={18} aria-hidden />
          <Text size="sm">{t('common.away')}</Text>
          <Button size="compact-sm" variant="default" onClick={askNow}>
            {t('common.awayRetry')}
          </Button>
        </div>
      )}
      {outdated && !away && (
        <div className={classes.banner}>
          <Text size="sm">{t('common.outdated')}</Text>
          <Button size="compact-sm" variant="default" onClick={() => window.location.reload()}>
            {t('common.reload')}
          </Button>
        </div>
      )}
    </div>
  )
}
