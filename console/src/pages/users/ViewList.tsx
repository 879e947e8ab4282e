import { ActionIcon, Button, Group, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconCheck, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { showAt, unplaced } from '../../parts/form/forms'
import { useUnsaved } from '../../lib/typed'
import { useAct } from '../../lib/useAct'
import { Refusal } from '../../parts/act/Refusal'
import { toast } from '../../parts/act/toasts'
import classes from './ViewList.module.css'
import { type SavedView, deleteView, saveView, savedViewsQuery } from './views'

interface Props {
  account: string
  now: string
  current: SavedView | undefined
  apply: (view: SavedView) => void
}

/** The saved views, and saving what one sees now. */
export function ViewList({ account, now, current, apply }: Props) {
  const { t } = useTranslation()
  const views = useQuery(savedViewsQuery(account))
  return (
    <Stack gap="xs">
      <Refusal error={views.error} retry={() => void views.refetch()} />
      {views.data?.length === 0 && (
        <Text size="sm" c="dimmed" p={4}>
          {t('users.noViews')}
        </Text>
      )}
      <ul className={classes.list}>
        {views.data?.map((view) => (
          <Row key={view.id} view={view} account={account} isCurrent={view === current} apply={() => apply(view)} />
        ))}
      </ul>
      {!current && <SaveForm account={account} query={now} />}
    </Stack>
  )
}

function Row(props: { view: SavedView; account: string; isCurrent: boolean; apply: () => void }) {
  const { t } = useTranslation()
  const { view, account, isCurrent, apply } = props
  const remove = useAct({
    mutationFn: () => deleteView(account, view.id),
    onSuccess: () =>
      toast.success(t('users.viewDeleted', { name: view.name }), {
        of: [view.id],
        undo: () => saveView(account, view.name, view.query),
      }),
    onError: toast.error,
  })
  return (
    <li className={classes.row}>
      <UnstyledButton className={classes.name} onClick={apply} aria-current={isCurrent || undefined}>
        <bdi>{view.name}</bdi>
        {isCurrent && <IconCheck size={15} aria-hidden />}
      </UnstyledButton>
      <ActionIcon
        variant="subtle"
        color="gray"
        loading={remove.isPending}
        onClick={() => remove.mutate()}
        aria-label={t('users.deleteView', { name: view.name })}
      >
        <IconTrash size={15} stroke={1.6} aria-hidden />
      </ActionIcon>
    </li>
  )
}

function SaveForm({ account, query }: { account: string; query: string }) {
  const { t } = useTranslation()
  const form = useForm({ initialValues: { name: '' } })
  useUnsaved(form.isDirty())
  const save = useAct({
    mutationFn: (name: string) => saveView(account, name, query),
    onSuccess: () => form.reset(),
    onError: (error) => showAt(form, error),
  })
  return (
    <form onSubmit={form.onSubmit(({ name }) => save.mutate(name.trim()))} style={{ display: 'grid', gap: 8 }}>
      <Group gap="xs" align="end" wrap="nowrap">
        <TextInput
          size="xs"
          style={{ flex: 1 }}
          label={t('users.saveView')}
          placeholder={t('users.viewName')}
          required
          withAsterisk={false}
          maxLength={100}
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <Button type="submit" size="xs" loading={save.isPending}>
          {t('common.keep')}
        </Button>
      </Group>
      <Refusal error={unplaced(form, save.error)} />
    </form>
  )
}
