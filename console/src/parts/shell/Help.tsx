import { Kbd, Modal, Table, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFocusReturn } from '../../lib/useFocusReturn'
import { help } from './help'
import { COMMAND_KEY } from './SearchButton'

/** The keys, under `?`. */
export function Help() {
  const { t } = useTranslation()
  const isOpen = help.use()
  useFocusReturn(isOpen)
  const groups = [
    {
      title: t('shell.everywhere'),
      keys: [
        [`${COMMAND_KEY}K`, t('shell.shortcutPalette')],
        ['?', t('shell.shortcutHelp')],
        ['Esc', t('shell.shortcutClose')],
      ],
    },
    {
      title: t('shell.inLists'),
      keys: [
        ['/', t('shell.shortcutSearch')],
        ['J K', t('shell.shortcutMove')],
        ['X', t('shell.shortcutSelect')],
        ['Enter', t('shell.shortcutOpen')],
        ['E', t('shell.shortcutEdit')],
        ['I', t('shell.shortcutInvite')],
      ],
    },
  ]
  return (
    <Modal
      opened={isOpen}
      onClose={() => help.set(false)}
      title={t('shell.helpTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
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
    </Modal>
  )
}
