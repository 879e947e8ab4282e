import { Group, NativeSelect, NumberInput, type NumberInputProps } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

const UNITS = [
  { size: 86_400, key: 'days' },
  { size: 3_600, key: 'hours' },
  { size: 60, key: 'minutes' },
] as const

interface Props extends Omit<NumberInputProps, 'value' | 'onChange'> {
  label: string
  value?: number
  onChange?: (seconds: number) => void
}

const bestUnit = (seconds: number) => UNITS.find(({ size }) => seconds >= size && seconds % size === 0)?.size ?? 60

/** A span of time as a number and its unit; the API has seconds. */
export function DurationInput({ label, value = 0, onChange, ...others }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState({ value, unit: bestUnit(value) as number })
  // Another value than the one that was typed here (put back, or saved by somebody else) comes in the unit that suits it.
  if (typed.value !== value) setTyped({ value, unit: bestUnit(value) })
  const { unit } = typed
  const type = (amount: number, unit: number) => {
    const seconds = Math.round(amount * unit)
    setTyped({ value: seconds, unit })
    onChange?.(seconds)
  }
  return (
    <NumberInput
      {...others}
      label={label}
      value={value / unit}
      onChange={(amount) => type(Number(amount), unit)}
      min={0}
      allowNegative={false}
      decimalScale={2}
      styles={{ wrapper: { width: 110 } }}
      inputContainer={(input) => (
        <Group gap={6} wrap="nowrap" mt={4}>
          {input}
          <NativeSelect
            aria-label={`${label}: ${t('settings.unit')}`}
            value={unit}
            onChange={(event) => type(value / unit, Number(event.currentTarget.value))}
            data={UNITS.map(({ size, key }) => ({ value: String(size), label: t(`settings.${key}`) }))}
          />
        </Group>
      )}
    />
  )
}
