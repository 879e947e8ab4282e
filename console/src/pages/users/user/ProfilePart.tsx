import { Alert, Button, Group, NativeSelect, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema, Versioned } from '../../../api/client'
import { hasCode } from '../../../api/problem'
import { meQuery, rolesQuery, systemsQuery } from '../../../api/queries'
import { queryClient } from '../../../api/queryClient'
import { undoing } from '../../../lib/changes'
import { showAt, unplaced } from '../../../parts/form/forms'
import { useFormats } from '../../../lib/formats'
import { nameOf } from '../../../lib/person'
import { UnsavedGuard } from '../../../parts/form/unsaved'
import { useAct } from '../../../lib/useAct'
import { useVersioned } from '../../../parts/form/useVersioned'
import { isNothing } from '../../../parts/act/Impact'
import { Refusal } from '../../../parts/act/Refusal'
import { ServerWords } from '../../../parts/ServerWords'
import { Stale } from '../../../parts/form/Stale'
import { SystemPicker } from '../../../parts/form/SystemPicker'
import { toast } from '../../../parts/act/toasts'
import { useAccount, useMay } from '../../../parts/session/me'
import { refreshUsers } from '../bulk'
import { LoginMethod } from '../columns'
import { type User, userQuery } from '../queries'
import { seesOwnPeopleOnly } from '../sight'
import { ChangeDialog } from './ChangeDialog'
import { Facts } from './Facts'
import { NEVER } from './acts'
import { changeUser, impactOf, leavesSight, showUser } from './change'
import { type Fields, fieldsOf, wishOf } from './fields'

/** What is to be saved, over which version. */
interface Wish {
  change: Partial<Fields>
  version: string
  /** The person does not see the user any more afterwards. */
  isGone: boolean
}

interface Props {
  loaded: Versioned<User>
  focus: boolean
  /** Called when the person cannot see the user any more. */
  gone: () => void
}

/** The user's own fields. The address stands for good, and says why (U-26). */
export function ProfilePart({ loaded, focus, gone }: Props) {
  const { t } = useTranslation()
  const formats = useFormats()
  const { slug: account, levels } = useAccount()
  const mayInvite = useMay()('invite_users')
  const { data: roles = [] } = useQuery(rolesQuery(account))
  const { data: systems = [] } = useQuery(systemsQuery(account))
  const user = loaded.value
  const { data: me } = useQuery({ ...meQuery, enabled: false })
  // Everybody sees themselves.
  const isLimited = seesOwnPeopleOnly(levels) && me?.value.email !== user.email
  const { form, base, before, mine, isDirty, isStale, sides, showConflict, saved, discard, keepMine, takeTheirs } =
    useVersioned(loaded, fieldsOf)
  // What was chosen before “all”, for whoever comes back from it.
  const [last, setLast] = useState<string[]>()
  const edit = user.can.edit
  const may = (act: string) => user.can[act]?.allowed === true
  const role = user.can.change_role
  // The first field that can be changed. A drawer that opens with it gives the focus there by itself; one that waited for the
  // user is open by then.
  const fields = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (focus) fields.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
  }, [focus])

  /** Active people are told of another role. */
  const isMailed = ({ role_id }: Partial<Fields>) => role_id !== undefined && user.status === 'active'
  const saveButton = useRef<HTMLButtonElement>(null)
  const [preview, setPreview] = useState<{ impact: Schema['ImpactView']; wish: Wish }>()
  const refused = async (error: unknown) => {
    setPreview(undefined)
    if (hasCode(error, 'stale'))
      showConflict(await queryClient.fetchQuery({ ...userQuery(account, user.id), staleTime: 0 }))
    else showAt(form, error)
  }
  const save = useAct({
    mutationFn: ({ change, version }: Wish) => changeUser(account, user.id, wishOf(change), version),
    onSuccess: (answer, { change, isGone }) => {
      setPreview(undefined)
      const back = wishOf(undoing(before, change))
      saved(answer, change)
      if (isGone) {
        gone()
        void refreshUsers(account, user)
        return toast.success(t('common.saved'), { of: [user.id] })
      }
      showUser(account, answer)
      const undo = () => changeUser(account, user.id, back, answer.version).then((undone) => showUser(account, undone))
      const undone = isMailed(change) ? t('user.undone_role', { name: nameOf(user) }) : undefined
      toast.success(t('common.saved'), { of: [user.id], undo, undone })
    },
    onError: refused,
  })
  /** Another role and other systems first say what they do to people; where they do nothing to them, they are saved at once. */
  const look = useAct({
    mutationFn: async ({ change, version }: Omit<Wish, 'isGone'>) => {
      const [impact, isGone] = await Promise.all([
        impactOf(account, user.id, wishOf(change), version),
        isLimited && Array.isArray(change.systems) && leavesSight(account, user.id, change.systems),
      ])
      return { impact, wish: { change, version, isGone } }
    },
    onSuccess: ({ impact, wish }) =>
      impact && (wish.isGone || !isNothing(impact)) ? setPreview({ impact, wish }) : save.mutate(wish),
    onError: refused,
  })
  const send = (version: string) => {
    if (look.isPending || save.isPending) return
    look.reset()
    save.reset()
    const isAccess = mine.role_id !== undefined || mine.systems !== undefined
    if (isAccess) look.mutate({ change: mine, version })
    else save.mutate({ change: mine, version, isGone: false })
  }
  const without = (drop: () => void) => () => {
    drop()
    look.reset()
    save.reset()
    setLast(undefined)
  }
  const chosen = form.values.systems
  const some = last ?? (before.systems === 'all' ? [] : before.systems)
  const rows = {
    name: { label: t('users.column_name'), show: (name: string) => name },
    role_id: { label: t('users.column_role'), show: (role: string) => nameIn(roles, role) },
    systems: {
      label: t('users.systems'),
      show: (chosen: Fields['systems']) =>
        chosen === 'all' ? t('users.allSystems') : formats.list(chosen.map((id) => nameIn(systems, id))),
    },
  }
  const isFixed = edit ? !edit.allowed : true
  const isRoleFixed = isFixed || (role !== undefined && !role.allowed)
  const roleText = {
    description:
      role && !role.allowed && role.detail && role.code !== NEVER ? (
        <ServerWords of={role} />
      ) : (
        <span lang="en">{roles.find(({ id }) => id === form.values.role_id)?.description}</span>
      ),
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[],
  }
  return (
    <form ref={fields} onSubmit={form.onSubmit(() => send(base.version))}>
      <Stack>
        {isFixed && edit?.detail && (
          <Alert
            variant="light"
            color="gray"
            icon={<IconLock size={18} aria-hidden />}
            tabIndex={-1}
            data-autofocus={(focus && !may('rename')) || undefined}
          >
            <ServerWords of={edit} />
          </Alert>
        )}
        <TextInput
          label={t('users.column_email')}
          description={t(mayInvite ? 'user.emailFixed' : 'user.emailShown')}
          value={user.email}
          {...READ_ONLY}
          inputWrapperOrder={['label', 'input', 'description']}
        />
        <TextInput
          label={t('users.column_name')}
          {...(!may('rename') && READ_ONLY)}
          data-autofocus={(focus && may('rename')) || undefined}
          {...form.getInputProps('name')}
        />
        {isRoleFixed ? (
          <TextInput label={t('users.column_role')} value={user.role.name} {...roleText} {...READ_ONLY} lang="en" />
        ) : (
          <NativeSelect
            label={t('users.column_role')}
            data={roles.map(({ id, name }) => ({ value: id, label: name }))}
            {...roleText}
            {...form.getInputProps('role_id')}
          />
        )}
        <div>
          <Text size="sm" fw={500} mb={4} id="user-systems">
            {t('users.systems')}
          </Text>
          <SegmentedControl
            aria-labelledby="user-systems"
            disabled={!may('give_all_systems')}
            value={chosen === 'all' ? 'all' : 'some'}
            onChange={(reach) => {
              if (chosen !== 'all') setLast(chosen)
              form.setFieldValue('systems', reach === 'all' ? 'all' : some)
            }}
            data={[
              { value: 'some', label: t('user.someSystems') },
              { value: 'all', label: t('user.allSystems') },
            ]}
          />
          {chosen !== 'all' && (
            <SystemPicker
              mt="xs"
              aria-label={t('users.systems')}
              disabled={isFixed}
              data-autofocus={(focus && !isFixed && !may('rename')) || undefined}
              {...form.getInputProps('systems')}
              value={chosen}
            />
          )}
        </div>
        {!isStale && <Refusal error={unplaced(form, look.error ?? save.error)} />}
        {(isDirty || save.isPending) && (
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={without(discard)}>
              {t('settings.discard')}
            </Button>
            <Button ref={saveButton} type="submit" loading={look.isPending || save.isPending}>
              {t('common.save')}
            </Button>
          </Group>
        )}
        <Facts user={user} login={<LoginMethod method={user.login_method} />} />
      </Stack>
      {preview && (
        <ChangeDialog
          name={nameOf(user)}
          impact={preview.impact}
          unseen={preview.wish.isGone ? 1 : 0}
          mails={[
            isMailed(preview.wish.change) && t('user.mails_role', { name: nameOf(user) }),
            preview.wish.change.role_id === ADMIN && t('user.mails_newAdmin'),
          ].filter((text) => text !== false)}
          saving={save.isPending}
          opener={saveButton}
          confirm={() => save.mutate(preview.wish)}
          close={() => setPreview(undefined)}
        />
      )}
      <Stale {...sides} rows={rows} keepMine={() => keepMine(send)} takeTheirs={without(takeTheirs)} />
      <UnsavedGuard isDirty={isDirty && !save.isPending} />
    </form>
  )
}

/** What stands for good is no field that is off: it is read and copied as any text. */
const READ_ONLY = { readOnly: true, variant: 'filled' } as const

const ADMIN = 'admin'

const nameIn = (list: { id: string; name: string }[], wanted: string) =>
  list.find(({ id }) => id === wanted)?.name ?? wanted
