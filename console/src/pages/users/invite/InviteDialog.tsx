import {
  Alert,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
} from '@mantine/core'
import { useIsMutating, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFocusReturn } from '../../../lib/useFocusReturn'
import { type Schema, api, body } from '../../../api/client'
import { rolesQuery, systemsQuery } from '../../../api/queries'
import { once } from '../../../lib/once'
import { remembered } from '../../../lib/remembered'
import { useAct } from '../../../lib/useAct'
import { Dialog } from '../../../parts/act/Dialog'
import { FieldErrors } from '../../../parts/form/FieldErrors'
import { Refusal } from '../../../parts/act/Refusal'
import { SystemPicker } from '../../../parts/form/SystemPicker'
import { useAccount } from '../../../parts/session/me'
import { refreshUsers } from '../bulk'
import { AddressBox } from './AddressBox'
import { ColumnChoice } from './ColumnChoice'
import { MailPreview, useMailPreview, wrongNote } from './MailPreview'
import { Result } from './Result'
import { SeatMeter } from './SeatMeter'
import { useDraft } from './draft'
import { bodyOf, useAddresses } from './useAddresses'

type InvitationResult = Schema['InvitationResult']

const SENDING = ['invite']

/** Invites one or thousands: paste, see what becomes of each address, send. */
export function InviteDialog({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const { t } = useTranslation()
  useFocusReturn(isOpen)
  const [result, setResult] = useState<InvitationResult>()
  const isResult = result !== undefined
  const content = useRef<HTMLDivElement>(null)
  const wasResult = useRef(false)
  // The button that was pressed is gone with what stood there: the keyboard goes on in what stands there now.
  useEffect(() => {
    if (isOpen && isResult !== wasResult.current)
      content.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus({ preventScroll: true })
    wasResult.current = isResult
  }, [isOpen, isResult])
  const isSending = useIsMutating({ mutationKey: SENDING }) > 0
  const shut = () => {
    setResult(undefined)
    close()
  }
  return (
    <Dialog
      opened={isOpen}
      onClose={shut}
      isBusy={isSending}
      title={result ? t('invite.resultTitle') : t('invite.title')}
      size={680}
      closeOnClickOutside={false}
    >
      <div ref={content}>
        {result ? (
          <Result outcome={result} close={shut} again={() => setResult(undefined)} />
        ) : (
          <InviteForm done={setResult} close={shut} />
        )}
      </div>
    </Dialog>
  )
}

function InviteForm({ done, close }: { done: (outcome: InvitationResult) => void; close: () => void }) {
  const { t } = useTranslation()
  const { slug: account } = useAccount()
  const { data: roles = [] } = useQuery(rolesQuery(account))
  const [draft, setDraft] = useDraft(account)
  const role_id = draft.role_id || leastRole(roles)
  const { data: known } = useQuery(systemsQuery(account))
  // Of none there are no some.
  const reaches = known?.length === 0 ? (['none', 'all'] as const) : (['none', 'some', 'all'] as const)
  const reach = reaches.find((one) => one === draft.reach) ?? 'none'
  const systems = reach === 'all' ? ('all' as const) : reach === 'some' ? draft.systems : []
  const wish = {
    ...bodyOf(draft),
    role_id,
    systems,
    skip_invalid: true,
    ...(draft.message.trim() && { message: draft.message }),
  }
  const read = useAddresses(account, draft, setDraft, { role_id, systems })
  const { outcome, preview, isEmpty, isAnswered, isFresh, isUnclear, hasNone, lastGood, append, replace } = read
  const [headers] = useState(once)
  const invite = useAct({
    mutationKey: SENDING,
    mutationFn: () =>
      body(
        api.POST('/api/v1/accounts/{account}/users', {
          params: { path: { account } },
          body: wish,
          headers: headers(wish),
        }),
      ),
    onSuccess: (sent) => {
      setDraft({ text: '', column: undefined, waiting: [], message: '' })
      remembered.set('invite.role', role_id)
      done(sent)
      void refreshUsers(account)
    },
  })
  const count = outcome?.invited ?? 0
  const first = outcome?.items.find(({ verdict }) => verdict === 'invited')
  const refused = outcome?.refused ?? 0
  const lacksSystems = reach === 'some' && draft.systems.length === 0
  const { mail, isOpen, toggle } = useMailPreview(account, draft.message, first?.name)
  const noteError = wrongNote(mail.error) ?? wrongNote(invite.error)
  const isReady = isFresh && count > 0 && (refused === 0 || draft.skip) && !lacksSystems && !wrongNote(mail.error)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) invite.mutate()
      }}
    >
      <Stack>
        <AddressBox
          text={draft.text}
          change={replace}
          append={append}
          rows={outcome?.items}
          isUnclear={isUnclear}
          isChecking={!isAnswered && !isEmpty}
          isRefused={isAnswered && preview.isError}
          hasNone={hasNone}
          lastGood={lastGood}
        />
        <ColumnChoice
          columns={outcome?.address_columns ?? []}
          chosen={draft.column}
          choose={(column) => setDraft({ column })}
          waiting={
            isUnclear
              ? draft.waiting
                  .join('\n')
                  .split('\n')
                  .filter((line) => line.trim()).length
              : 0
          }
        />
        {!hasNone && <Refusal error={preview.error} retry={() => void preview.refetch()} />}
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <NativeSelect
            label={t('users.column_role')}
            description={<span lang="en">{roles.find(({ id }) => id === role_id)?.description}</span>}
            inputWrapperOrder={['label', 'input', 'description']}
            value={role_id}
            onChange={(event) => setDraft({ role_id: event.currentTarget.value })}
            data={roles.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <Stack gap={4}>
            <Text size="sm" fw={500} id="invite-systems">
              {t('users.systems')}
            </Text>
            <SegmentedControl
              aria-labelledby="invite-systems"
              value={reach}
              onChange={(next) => setDraft({ reach: next as typeof reach })}
              data={reaches.map((value) => ({ value, label: t(`invite.reach_${value}`) }))}
            />
            {reach === 'all' && (
              <Text size="xs" c="dimmed">
                {t('invite.alsoFuture')}
              </Text>
            )}
          </Stack>
        </SimpleGrid>
        {reach === 'some' && (
          <SystemPicker
            label={t('users.chooseSystems')}
            description={lacksSystems && t('invite.lacksSystems')}
            value={draft.systems}
            onChange={(systems) => setDraft({ systems })}
          />
        )}
        <Textarea
          label={t('invite.message')}
          description={t('invite.messageText')}
          autosize
          minRows={2}
          maxRows={5}
          error={noteError && <FieldErrors words={noteError} />}
          value={draft.message}
          onChange={(event) => setDraft({ message: event.currentTarget.value })}
        />
        <MailPreview account={account} mail={mail} isOpen={isOpen} toggle={toggle} to={first} />
        {outcome && <SeatMeter seats={outcome.seats} />}
        {refused > 0 && (
          <Checkbox
            label={t('invite.skip', { count: refused })}
            checked={draft.skip}
            onChange={(event) => setDraft({ skip: event.currentTarget.checked })}
          />
        )}
        {outcome && count === 0 && isFresh && (
          <Alert variant="light" color="gray">
            {t('invite.nobody')}
          </Alert>
        )}
        {!wrongNote(invite.error) && <Refusal error={invite.error} />}
        <Group justify="flex-end">
          <Button variant="default" disabled={invite.isPending} onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" disabled={!isReady} loading={invite.isPending}>
            {count > 0 ? t('invite.send', { count }) : t('invite.sendNobody')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** The role that was given last here, else the one that holds the least. */
function leastRole(roles: Schema['RoleView'][]): string {
  const last = remembered.get('invite.role', '')
  if (roles.some(({ id }) => id === last)) return last
  const held = ({ levels }: Schema['RoleView']) => Object.values(levels).filter((level) => level !== 'none').length
  return roles.toSorted((a, b) => held(a) - held(b))[0]?.id ?? ''
}
