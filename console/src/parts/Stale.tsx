import { Button, Group, Modal, Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** A field that stands differently in what was typed and in what somebody else saved meanwhile. */
export interface Difference {
  field: string
  mine: ReactNode
  theirs: ReactNode
}

interface Props {
  differences: Difference[] | undefined
  saving: boolean
  keepMine: () => void
  takeTheirs: () => void
}

/** Somebody else saved in between (412): both versions side by side, and the choice between them. */
export function Stale({ differences, saving, keepMine, takeTheirs }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={differences !== undefined}
      onClose={() => undefined}
      withCloseButton={false}
      title={t('stale.title')}
      centered
    >
      <Text size="sm" mb="md">
        {t('stale.text')}
      </Text>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('stale.field')}</Table.Th>
            <Table.Th scope="col">{t('stale.mine')}</Table.Th>
            <Table.Th scope="col">{t('stale.theirs')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {differences?.map(({ field, mine, theirs }) => (
            <Table.Tr key={field}>
              <Table.Th scope="row" fw={500}>
                {field}
              </Table.Th>
              <Table.Td className="given">{mine}</Table.Td>
              <Table.Td className="given">{theirs}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={takeTheirs}>
          {t('stale.takeTheirs')}
        </Button>
        <Button loading={saving} onClick={keepMine}>
          {t('stale.keepMine')}
        </Button>
      </Group>
    </Modal>
  )
}
