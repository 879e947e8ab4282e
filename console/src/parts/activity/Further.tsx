import { Button, Group, Loader, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../lib/formats'

interface Props {
  looked: number
  isStopped: boolean
  stop: () => void
  goOn: () => void
}

/** A search of the log that has found nothing yet: how far it got, and the way to stop it. */
export function Further({ looked, isStopped, stop, goOn }: Props) {
  const { t } = useTranslation()
  const formats = useFormats()
  return (
    <Group gap="sm" py="md">
      {!isStopped && <Loader size={16} aria-hidden />}
      <Text size="sm" role="status">
        {t(isStopped ? 'activity.stoppedAfter' : 'activity.lookingFurther', { number: formats.number(looked) })}
      </Text>
      <Button size="compact-sm" variant="default" onClick={isStopped ? goOn : stop}>
        {t(isStopped ? 'activity.goOn' : 'common.cancel')}
      </Button>
    </Group>
  )
}
