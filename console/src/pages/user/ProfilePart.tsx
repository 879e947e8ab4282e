import { Alert, Button, Group, NativeSelect, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconLock } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Versioned } from '../../api/client'
import { hasCode, sentence } from '../../api/problem'
import { queryClient, rolesQuery, systemsQuery } from '../../api/queries'
import { showAt, unplaced } from '../../lib/forms'
import { useFormats } from '../../lib/formats'
import { UnsavedGuard } from '../../lib/unsaved'
import { Refusal } from '../../parts/Refusal'
import { Stale } from '../../parts/Stale'
import { SystemPicker } from '../../parts/SystemPicker'
import { say, tell } from '../../parts/toasts'
import { useAccount } from '../../session/me'
import { LoginMethod } from '../users/columns'
import { type User, userQuery } from '../users/queries'
import { Facts } from './Facts'
import { changeUser, fetchUser } from './change'
import { type Fields, fieldsOf, wishOf } from './fields'

/** The user's own fields. The address stands for good, and says why (U-26). */
export function ProfilePart({ loaded, focus }: { loaded: Versioned<User>; focus: boolean }) {
  const { t } = useTranslation()
  const formats = useFormats()
  const { slug: account } = useAccount()
  const { data: roles = [] } = useQuery(rolesQuery(account))
  const { data: systems = [] } = useQuery(systemsQuery(account))
  const [newer, setNewer] = useState<Versioned<User>>()
  const user = loaded.value
  const before = fieldsOf(user)
  const form = useForm<Fields>({ initialValues: before })
  const wish = wishOf(before, form.values)
  const isDirty = Object.keys(wish).length > 0
  const edit = user.can.edit
  const role = user.can.change_role
  const name = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (focus) name.current?.focus()
  }, [focus])

  const save = useMutation({
    mutationFn: (version: string) => changeUser(account, user.id, wish, version),
    onSuccess: (saved) => {
      setNewer(undefined)
      const back = wishOf(fieldsOf(saved.value), before)
      const undo = () => changeUser(account, user.id, back, saved.version).then(() => say(t('common.undone')), tell)
      say(t('common.saved'), { label: t('common.undo'), run: () => void undo() })
    },
    onError: async (error) => {
      if (!hasCode(error, 'stale')) return showAt(form, error)
      setNewer(await fetchUser(account, user.id))
    },
  })
  const systemNames = (fields: Fields) =>
    fields.reach === 'all'
      ? t('users.allSystems')
      : formats.list(fields.systems.map((id) => systems.find((system) => system.id === id)?.name ?? id))
  const roleName = (id: string) => roles.find((known) => known.id === id)?.name ?? id
  const theirs = newer && fieldsOf(newer.value)
  const differences = theirs && [
    ...(theirs.name !== form.values.name
      ? [{ field: t('users.column_name'), mine: form.values.name, theirs: theirs.name }]
      : []),
    ...(theirs.role_id !== form.values.role_id
      ? [{ field: t('users.column_role'), mine: roleName(form.values.role_id), theirs: roleName(theirs.role_id) }]
      : []),
    ...(systemNames(theirs) !== systemNames(form.values)
      ? [{ field: t('users.systems'), mine: systemNames(form.values), theirs: systemNames(theirs) }]
      : []),
  ]
  const isFixed = edit ? !edit.allowed : true
  return (
    <form onSubmit={form.onSubmit(() => save.mutate(loaded.version))}>
      <Stack>
        {isFixed && edit?.detail && (
          <Alert variant="light" color="gray" icon={<IconLock size={18} aria-hidden />}>
            {sentence(edit.detail)}
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
        <TextInput ref={name} label={t('users.column_name')} disabled={isFixed} {...form.getInputProps('name')} />
        <NativeSelect
          label={t('users.column_role')}
          description={
            role && !role.allowed && role.detail
              ? sentence(role.detail)
              : roles.find(({ id }) => id === form.values.role_id)?.description
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
            disabled={isFixed}
            {...form.getInputProps('reach')}
            data={[
              { value: 'some', label: t('user.someSystems') },
              { value: 'all', label: t('user.allSystems') },
            ]}
          />
          {form.values.reach === 'some' && (
            <SystemPicker
              mt="xs"
              aria-label={t('users.systems')}
              disabled={isFixed}
              {...form.getInputProps('systems')}
            />
          )}
        </div>
        {!hasCode(save.error, 'stale') && <Refusal error={unplaced(form, save.error)} />}
        {(isDirty || save.isPending) && (
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => form.setValues(before)}>
              {t('settings.discard')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('common.save')}
            </Button>
          </Group>
        )}
        <Facts user={user} login={<LoginMethod method={user.login_method} />} />
      </Stack>
      <Stale
        differences={differences}
        saving={save.isPending}
        keepMine={() => newer && save.mutate(newer.version)}
        takeTheirs={() => newer && queryClient.setQueryData(userQuery(account, user.id).queryKey, newer)}
      />
      <UnsavedGuard isDirty={isDirty && !save.isPending && !save.isSuccess} />
    </form>
  )
}
