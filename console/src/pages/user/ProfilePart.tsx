import { Alert, Button, Group, NativeSelect, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema, Versioned } from '../../api/client'
import { hasCode } from '../../api/problem'
import { queryClient, rolesQuery, systemsQuery } from '../../api/queries'
import { undoing } from '../../lib/changes'
import { showAt, unplaced } from '../../lib/forms'
import { useFormats } from '../../lib/formats'
import { nameOf } from '../../lib/person'
import { UnsavedGuard } from '../../lib/unsaved'
import { useVersioned } from '../../lib/useVersioned'
import { isNothing } from '../../parts/Impact'
import { Refusal } from '../../parts/Refusal'
import { ServerWords } from '../../parts/ServerWords'
import { Stale } from '../../parts/Stale'
import { SystemPicker } from '../../parts/SystemPicker'
import { say } from '../../parts/toasts'
import { useAccount } from '../../session/me'
import { LoginMethod } from '../users/columns'
import { type User, userQuery } from '../users/queries'
import { ChangeDialog } from './ChangeDialog'
import { Facts } from './Facts'
import { NEVER } from './acts'
import { changeUser, impactOf } from './change'
import { type Fields, fieldsOf, wishOf } from './fields'

/** What is to be saved, over which version. */
interface Wish {
  change: Partial<Fields>
  version: string
}

/** The user's own fields. The address stands for good, and says why (U-26). */
export function ProfilePart({ loaded, focus }: { loaded: Versioned<User>; focus: boolean }) {
  const { t } = useTranslation()
  const formats = useFormats()
  const { slug: account } = useAccount()
  const { data: roles = [] } = useQuery(rolesQuery(account))
  const { data: systems = [] } = useQuery(systemsQuery(account))
  const user = loaded.value
  const { form, base, before, mine, isDirty, isStale, sides, meet, saved, discard, keepMine, takeTheirs } =
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

  const saveButton = useRef<HTMLButtonElement>(null)
  const [preview, setPreview] = useState<{ impact: Schema['ImpactView']; wish: Wish }>()
  const refused = async (error: unknown) => {
    setPreview(undefined)
    if (hasCode(error, 'stale')) meet(await queryClient.fetchQuery({ ...userQuery(account, user.id), staleTime: 0 }))
    else showAt(form, error)
  }
  const save = useMutation({
    mutationFn: ({ change, version }: Wish) => changeUser(account, user.id, wishOf(change), version),
    onSuccess: (answer, { change }) => {
      setPreview(undefined)
      const back = wishOf(undoing(before, change))
      saved(answer, change)
      say(t('common.saved'), () => changeUser(account, user.id, back, answer.version))
    },
    onError: refused,
  })
  /** Another role and other systems first say what they do to people; where they do nothing to them, they are saved at once. */
  const look = useMutation({
    mutationFn: ({ change, version }: Wish) => impactOf(account, user.id, wishOf(change), version),
    onSuccess: (impact, wish) => (impact && !isNothing(impact) ? setPreview({ impact, wish }) : save.mutate(wish)),
    onError: refused,
  })
  const send = (version: string) => {
    if (look.isPending || save.isPending) return
    look.reset()
    save.reset()
    const isAccess = mine.role_id !== undefined || mine.systems !== undefined
    ;(isAccess ? look : save).mutate({ change: mine, version })
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
  return (
    <form ref={fields} onSubmit={form.onSubmit(() => send(base.version))}>
      <Stack>
        {isFixed && edit?.detail && (
          <Alert variant="light" color="gray" icon={<IconLock size={18} aria-hidden />}>
            <ServerWords of={edit} />
          </Alert>
        )}
        <TextInput
          label={t('users.column_email')}
          description={t('user.emailFixed')}
          value={user.email}
          readOnly
          variant="filled"
          inputWrapperOrder={['label', 'input', 'description']}
        />
        <TextInput
          label={t('users.column_name')}
          disabled={!may('rename')}
          data-autofocus={(focus && may('rename')) || undefined}
          {...form.getInputProps('name')}
        />
        <NativeSelect
          label={t('users.column_role')}
          description={
            role && !role.allowed && role.detail && role.code !== NEVER ? (
              <ServerWords of={role} />
            ) : (
              <span lang="en">{roles.find(({ id }) => id === form.values.role_id)?.description}</span>
            )
          }
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          disabled={isFixed || (role !== undefined && !role.allowed)}
          data={roles.map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps('role_id')}
        />
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
              data-autofocus={(focus && !may('rename')) || undefined}
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

const nameIn = (list: { id: string; name: string }[], wanted: string) =>
  list.find(({ id }) => id === wanted)?.name ?? wanted
