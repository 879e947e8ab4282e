import { Radio, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../../api/client'

interface Props {
  columns: Schema['AddressColumn'][]
  chosen: number | undefined
  choose: (column: number) => void
  /** Lines that were added since, and are read when this is answered. */
  waiting: number
}

/** Asks for the column with the people's own addresses, where the pasted table does not say it. */
export function ColumnChoice({ columns, chosen, choose, waiting }: Props) {
  const { t } = useTranslation()
  if (columns.length === 0) return null
  return (
    <Radio.Group
      label={t('invite.whichColumn')}
      description={t('invite.whichColumnText')}
      value={chosen === undefined ? '' : String(chosen)}
      onChange={(value) => choose(Number(value))}
    >
      <Stack gap={8} mt="xs">
        {columns.map(({ column, name, examples }) => (
          <Radio
            key={column}
            size="xs"
            value={String(column)}
            label={<bdi>{name ?? t('invite.column', { number: column + 1 })}</bdi>}
            description={<bdi>{examples.join(', ')}</bdi>}
          />
        ))}
      </Stack>
      {waiting > 0 && (
        <Text size="xs" mt="xs" role="status">
          {t('invite.waiting', { count: waiting })}
        </Text>
      )}
    </Radio.Group>
  )
}
