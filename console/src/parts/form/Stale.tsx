import { Button, Group, Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { changed } from '../../lib/changes'
import { useFocusReturn } from '../../lib/useFocusReturn'
import { Dialog } from '../act/Dialog'

interface Versions<Fields> {
  /** What both sides began with, what was typed over it, and how it stands after somebody else saved. */
  before: Fields
  mine: Partial<Fields>
  theirs: Fields | undefined
  /** How each field is called and shown. */
  rows: { [Field in keyof Fields]: { label: string; show: (value: Fields[Field]) => ReactNode } }
}

interface Props<Fields> extends Versions<Fields> {
  keepMine: () => void
  takeTheirs: () => void
}

/** Somebody else saved in between (412): both versions side by side, and the choice between them. */
export function Stale<Fields extends object>({ before, mine, theirs, rows, ...props }: Props<Fields>) {
  const { t } = useTranslation()
  const { keepMine, takeTheirs } = props
  useFocusReturn(theirs !== undefined)
  return (
    <Dialog
      opened={theirs !== undefined}
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
        <Table.Tbody>{theirs && <Rows before={before} mine={mine} theirs={theirs} rows={rows} />}</Table.Tbody>
      </Table>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={takeTheirs}>
          {t('stale.takeTheirs')}
        </Button>
        <Button onClick={keepMine}>{t('stale.keepMine')}</Button>
      </Group>
    </Dialog>
  )
}

/** What either side changed; what only they did stays theirs in any case. */
function Rows<Fields extends object>({ before, mine, theirs, rows }: Versions<Fields> & { theirs: Fields }) {
  const { t } = useTranslation()
  const fields = Object.keys({ ...mine, ...changed(before, theirs) }) as (keyof Fields & string)[]
  return fields.map((field) => {
    const { label, show } = rows[field]
    const value = mine[field]
    return (
      <Table.Tr key={field}>
        <Table.Th scope="row" fw={500}>
          {label}
        </Table.Th>
        <Table.Td className="given">
          {value === undefined ? (
            <Text span inherit c="dimmed">
              {t('stale.untouched')}
            </Text>
          ) : (
            show(value)
          )}
        </Table.Td>
        <Table.Td className="given">{show(theirs[field])}</Table.Td>
      </Table.Tr>
    )
  })
}
