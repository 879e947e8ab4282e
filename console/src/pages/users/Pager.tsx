import { ActionIcon, Group, NativeSelect, Text } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconChevronsLeft } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../lib/formats'
import { ROWS } from '../../parts/users/search'

/** Where the range goes in the words around it. */
const RANGE = '\u0000'

interface Props {
  /** How many rows stand on the pages before. */
  before: number
  rows: number
  shown: number
  total: number
  isExact: boolean
  hasNext: boolean
  /** Other rows are wanted than these: the way on begins at those. */
  isStale: boolean
  go: (to: 'first' | 'previous' | 'next') => void
  setRows: (rows: number) => void
}

/** “1–10 of 30”, the way to the other pages, and how many rows one has (U-5). */
export function Pager({ before, rows, shown, total, isExact, hasNext, isStale, go, setRows }: Props) {
  const { t } = useTranslation()
  const formats = useFormats()
  const from = shown === 0 ? 0 : before + 1
  const of = formats.number(total) + (isExact ? '' : '+')
  // The first row stands before the last one in every script.
  const [left, right] = t('users.counter', { range: RANGE, total: of }).split(RANGE)
  const to = before + shown
  return (
    <Group justify="space-between" mt="sm" gap="sm">
      <NativeSelect
        size="xs"
        aria-label={t('users.rows')}
        value={rows}
        onChange={(event) => setRows(Number(event.currentTarget.value))}
        data={ROWS.map((value) => ({
          value: String(value),
          label: value === 0 ? t('users.rowsAll') : t('users.rowsCount', { count: value }),
        }))}
      />
      <Group gap={6}>
        <Text size="sm" c="dimmed" role="status" style={{ fontVariantNumeric: 'tabular-nums' }}>
          {rows === 0 ? (
            t('users.counterAll', { shown: formats.number(shown), total: of })
          ) : (
            <>
              {left}
              <bdi dir="ltr">
                {formats.number(from)}–{formats.number(to)}
              </bdi>
              {right}
            </>
          )}
        </Text>
        {rows !== 0 && (hasNext || before > 0) && (
          <Group gap={4} component="nav" aria-label={t('users.pages')}>
            <Step
              label={t('users.first')}
              disabled={isStale || before === 0}
              onClick={() => go('first')}
              icon={<IconChevronsLeft size={16} />}
            />
            <Step
              label={t('users.previous')}
              disabled={isStale || before === 0}
              onClick={() => go('previous')}
              icon={<IconChevronLeft size={16} />}
            />
            <Step
              label={t('users.next')}
              disabled={isStale || !hasNext}
              onClick={() => go('next')}
              icon={<IconChevronRight size={16} />}
            />
          </Group>
        )}
      </Group>
    </Group>
  )
}

// One that leads nowhere keeps the focus: whoever turns to the last page by keyboard stays where they are.
function Step({
  label,
  icon,
  disabled,
  onClick,
}: {
  label: string
  icon: React.ReactNode
  disabled: boolean
  onClick: () => void
}) {
  return (
    <ActionIcon
      variant="default"
      size={28}
      aria-label={label}
      title={label}
      className="flips"
      aria-disabled={disabled}
      data-disabled={disabled || undefined}
      onClick={disabled ? undefined : onClick}
    >
      {icon}
    </ActionIcon>
  )
}
