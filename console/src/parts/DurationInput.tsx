import { Group, Input, NativeSelect, NumberInput } from '@mantine/core'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

const UNITS = [
  { size: 86_400, key: 'days' },
  { size: 3_600, key: 'hours' },
  { size: 60, key: 'minutes' },
] as const

interface Props {
  label: string
  description?: string
  value?: number
  onChange?: (seconds: number) => void
  error?: React.ReactNode
}

const bestUnit = (seconds: number) => UNITS.find(({ size }) => seconds >= size && seconds % size === 0)?.size ?? 60

/** A span of time as a number and its unit; the API has seconds. */
export function DurationInput({ label, description, value = 0, onChange, error }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const [unit, setUnit] = useState<number>(bestUnit(value))
  return (
    <Input.Wrapper label={label} description={description} error={error} id={id} labelElement="label">
      <Group gap={6} wrap="nowrap" mt={4}>
        <NumberInput
          id={id}
          value={value / unit}
          onChange={(amount) => onChange?.(Math.round(Number(amount) * unit))}
          min={0}
          allowNegative={false}
          decimalScale={2}
          w={110}
          aria-invalid={Boolean(error)}
          aria-describedby={error ? `${id}-error` : undefined}
        />
        <NativeSelect
          aria-label={`${label}: ${t('settings.unit')}`}
          value={unit}
          onChange={(event) => {
            const next = Number(event.currentTarget.value)
            onChange?.(Math.round((value / unit) * next))
            setUnit(next)
          }}
          data={UNITS.map(({ size, key }) => ({ value: String(size), label: t(`settings.${key}`) }))}
        />
      </Group>
    </Input.Wrapper>
  )
}
