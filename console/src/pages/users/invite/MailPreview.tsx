import { Button, Group, Skeleton, Text } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { IconMail } from '@tabler/icons-react'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type Schema, api, body } from '../../../api/client'
import { Refused } from '../../../api/problem'
import { useKept } from '../../../lib/useKept'
import { Refusal } from '../../../parts/act/Refusal'
import classes from './MailPreview.module.css'

type Mail = UseQueryResult<Schema['MailPreview']>

/**
 * The mail with the note that was just typed, as this person gets it; asked for when there is a note, because its limits are
 * the server's to say.
 */
export function useMailPreview(account: string, message: string, name: string | null | undefined) {
  const [isOpen, panel] = useDisclosure(false)
  const [note] = useDebouncedValue(message, 250)
  const isSaid = note.trim() !== ''
  const mail = useQuery({
    queryKey: [account, 'invite', 'mail', note, name],
    enabled: isOpen || isSaid,
    queryFn: ({ signal }) =>
      body(
        api.POST('/api/v1/accounts/{account}/users/invitation-email', {
          params: { path: { account } },
          body: { ...(isSaid && { message: note }), ...(name && { name }) },
          signal,
        }),
      ),
  })
  return { mail, isOpen, toggle: panel.toggle }
}

/** What the server says against the note. */
export const wrongNote = (error: unknown) => (error instanceof Refused ? error.parts.get('/message') : undefined)

interface Props {
  account: string
  mail: Mail
  isOpen: boolean
  toggle: () => void
  /** Who gets it so; everybody, as long as nobody is chosen. */
  to: Schema['InvitationRow'] | undefined
}

/** The mail as one of those who are invited gets it: with their name, where one is known. */
export function MailPreview({ account, mail, isOpen, toggle, to }: Props) {
  const { t } = useTranslation()
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
          onClick={toggle}
        >
          {isOpen ? t('invite.hideMail') : t('invite.showMail')}
        </Button>
      </Group>
      {isOpen && (
        <>
          {!wrongNote(mail.error) && <Refusal error={mail.error} retry={() => void mail.refetch()} />}
          {!shown && mail.isPending && <Skeleton h={120} />}
          {shown && (
            <section className={classes.mail} aria-label={t('invite.mail')} tabIndex={0}>
              {to?.email && (
                <Text size="xs" c="dimmed" className="given">
                  {t('invite.mailTo', { who: to.name ? `${to.name} <${to.email}>` : to.email })}
                </Text>
              )}
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
