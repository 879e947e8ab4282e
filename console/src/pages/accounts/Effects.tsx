import { Button, Group, List, Text } from '@mantine/core'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../api/client'
import { useFocusReturn } from '../../lib/useFocusReturn'
import { Dialog } from '../../parts/act/Dialog'
import { ServerWords } from '../../parts/ServerWords'

interface Props {
  effects: Schema['EffectView'][] | undefined
  saving: boolean
  /** What has the focus again when nothing is saved. */
  opener: RefObject<HTMLElement | null>
  confirm: () => void
  close: () => void
}

/** What says by itself how many it is about. */
const SAID: Schema['EffectCode'][] = ['over_seat_limit', 'sessions_end']

/** What a change of settings does to people, before it is made. */
export function Effects({ effects, saving, opener, confirm, close }: Props) {
  const { t } = useTranslation()
  useFocusReturn(effects !== undefined, opener)
  return (
    <Dialog opened={effects !== undefined} onClose={close} isBusy={saving} title={t('settings.effectsTitle')} centered>
      <Text size="sm" mb="sm">
        {t('settings.effectsText')}
      </Text>
      <List size="sm" spacing="xs">
        {effects?.map(({ code, users, detail, params }) => (
          <List.Item key={code}>
            <ServerWords of={{ code, detail, params }} />
            {users > 0 && !SAID.includes(code) && (
              <Text span c="dimmed">
                {' '}
                {t('settings.touches', { count: users })}
              </Text>
            )}
          </List.Item>
        ))}
      </List>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" disabled={saving} onClick={close} data-autofocus>
          {t('common.cancel')}
        </Button>
        <Button loading={saving} onClick={confirm}>
          {t('common.save')}
        </Button>
      </Group>
    </Dialog>
  )
}
