import { Button, Group, Skeleton, Text } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { IconMail } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, body } from '../../api/client'
import { useKept } from '../../lib/useKept'
import { Refusal } from '../../parts/Refusal'
import classes from './MailPreview.module.css'

/** The mail as somebody new gets it, with the note that was just typed. */
export function MailPreview({ account, message }: { account: string; message: string }) {
  const { t } = useTranslation()
  const [isOpen, panel] = useDisclosure(false)
  const [note] = useDebouncedValue(message.trim(), 250)
  const mail = useQuery({
    queryKey: [account, 'invite', 'mail', note],
    enabled: isOpen,
    queryFn: ({ signal }) =>
      body(
        api.POST('/api/v1/accounts/{account}/users/invitation-mail', {
          params: { path: { account } },
          body: { ...(note && { message: note }) },
          signal,
        }),
      ),
  })
  const shown = useKept(mail.data, account)
  return (
    <div>
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {t('invite.loginMethod')}
        </Text>
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconMail size={14} aria-hidden />}
          aria-expanded={isOpen}
          onClick={panel.toggle}
        >
          {isOpen ? t('invite.hideMail') : t('invite.showMail')}
        </Button>
      </Group>
      {isOpen && (
        <>
          <Refusal error={mail.error} retry={() => void mail.refetch()} />
          {!shown && mail.isPending && <Skeleton h={120} />}
          {shown && (
            <section className={classes.mail} aria-label={t('invite.mail')} tabIndex={0}>
              <Text size="sm" fw={600} className="given">
                {shown.subject}
              </Text>
              <p className={classes.text}>{shown.text}</p>
            </section>
          )}
        </>
      )}
    </div>
  )
}
