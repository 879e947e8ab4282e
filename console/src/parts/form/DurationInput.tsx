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
  /** Seconds; an empty text as long as nothing stands in the field. */
  value?: number | ''
  onChange?: (seconds: number | '') => void
}

const bestUnit = (seconds: number) => UNITS.find(({ size }) => seconds >= size && seconds % size === 0)?.size ?? 60

function shownIn(value: number | '', unit: number) {
  return { value, unit, amount: value === '' ? value : value / unit }
}

/** A span of time as a number and its unit; the API has seconds. */
export function DurationInput({ label, value = 0, onChange, ...others }: Props) {
  const { t } = useTranslation()
  const fresh = () => shownIn(value, value === '' ? 60 : bestUnit(value))
  const [typed, setTyped] = useState<{ value: number | ''; unit: number; amount: number | string }>(fresh)
  // Another value than the one that was typed here (put back, or saved by somebody else) comes in the unit that suits it.
  if (typed.value !== value) setTyped(fresh())
  const { unit, amount } = typed
  // An emptied field is empty and no zero, which would stand before whatever is typed next.
  const type = (amount: number | string, unit: number) => {
    const seconds = amount === '' ? '' : Math.round(Number(amount) * unit)
    setTyped({ value: seconds, unit, amount })
    onChange?.(seconds)
  }
  return (
    <NumberInput
      {...others}
      label={label}
      // Said by the browser like every empty field; the others of its kind have no asterisk either.
      required
      withAsterisk={false}
      value={amount}
      onChange={(amount) => type(amount, unit)}
      min={0}
      allowNegative={false}
      decimalScale={2}
      // The two stand in one line, also above a refusal.
      styles={{ wrapper: { width: 110, margin: 0 } }}
      inputContainer={(input) => (
        <Group gap={6} wrap="nowrap" mt={4} mb={others.error ? 4 : undefined}>
          {input}
          <NativeSelect
            aria-label={`${label}: ${t('settings.unit')}`}
            value={unit}
            onChange={(event) => type(amount, Number(event.currentTarget.value))}
            data={UNITS.map(({ size, key }) => ({ value: String(size), label: t(`settings.${key}`) }))}
          />
        </Group>
      )}
    />
  )
}
