import { Button, Group, Stack, Text } from '@mantine/core'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../../api/client'
import { useFocusReturn } from '../../../lib/useFocusReturn'
import { Dialog } from '../../../parts/act/Dialog'
import { ImpactWords } from '../../../parts/act/Impact'

interface Props {
  name: string
  impact: Schema['ImpactView']
  /** How many people the person does not see any more afterwards. */
  unseen: number
  /** Which emails it sends. */
  mails: string[]
  saving: boolean
  /** What has the focus again when nothing is saved. */
  opener: RefObject<HTMLElement | null>
  confirm: () => void
  close: () => void
}

/** What another role or other systems of a user do to people, before they are saved. */
export function ChangeDialog({ name, impact, unseen, mails, saving, opener, confirm, close }: Props) {
  const { t } = useTranslation()
  useFocusReturn(true, opener)
  return (
    <Dialog opened onClose={close} isBusy={saving} title={t('user.changeTitle')} centered>
      <Stack>
        <Text size="sm" className="given">
          {t('user.will_change', { name })}
        </Text>
        <ImpactWords impact={impact} unseen={unseen} />
        {mails.map((mail) => (
          <Text key={mail} size="sm" className="given">
            {mail}
          </Text>
        ))}
        <Group justify="flex-end">
          <Button variant="default" disabled={saving} onClick={close} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button loading={saving} onClick={confirm}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
