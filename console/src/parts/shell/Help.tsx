import { Kbd, Switch, Table, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFocusReturn } from '../../lib/useFocusReturn'
import { Dialog } from '../act/Dialog'
import { help, singleKeys, switchSingleKeys } from './help'
import { useMayHere } from '../session/me'
import { useCommandKey } from './SearchButton'

/** The keys, under `?`. */
export function Help() {
  const { t } = useTranslation()
  const commandKey = useCommandKey()
  const may = useMayHere()
  const isOpen = help.use()
  const areOn = singleKeys.use()
  useFocusReturn(isOpen)
  // Only what does something for this person.
  const inLists = [
    may('list_users') && [
      ['/', t('shell.shortcutSearch')],
      ['J K', t('shell.shortcutMove')],
    ],
    may('bulk_update_users') && [['X', t('shell.shortcutSelect')]],
    may('list_users') && [['Enter', t('shell.shortcutOpen')]],
    may('update_user') && [['E', t('shell.shortcutEdit')]],
    may('invite_users') && [['I', t('shell.shortcutInvite')]],
  ].flatMap((keys) => keys || [])
  const groups = [
    {
      title: t('shell.everywhere'),
      keys: [
        [commandKey('K'), t('shell.shortcutPalette')],
        ['?', t('shell.shortcutHelp')],
        ['Esc', t('shell.shortcutClose')],
      ],
    },
    { title: t('shell.inLists'), keys: inLists },
  ].filter(({ keys }) => keys.length > 0)
  return (
    <Dialog opened={isOpen} onClose={() => help.set(false)} title={t('shell.helpTitle')}>
      {groups.map(({ title, keys }) => (
        <section key={title}>
          <Title order={3} mb={4} mt="sm">
            {title}
          </Title>
          <Table withRowBorders={false} verticalSpacing={4} horizontalSpacing={0}>
            <Table.Tbody>
              {keys.map(([key, words]) => (
                <Table.Tr key={key}>
                  <Table.Td>{words}</Table.Td>
                  <Table.Td ta="end">
                    {key?.split(' ').map((part) => (
                      <Kbd key={part} ms={4}>
                        {part}
                      </Kbd>
                    ))}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      ))}
      <Switch
        mt="md"
        label={t('shell.singleKeys')}
        description={t('shell.singleKeysText')}
        checked={areOn}
        onChange={(event) => switchSingleKeys(event.currentTarget.checked)}
      />
    </Dialog>
  )
}
