import { MantineProvider } from '@mantine/core'
import { act, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { beforeEach, expect, it, vi } from 'vitest'
import { DurationInput } from './DurationInput'

const now: { value: number | ''; set: (value: number | '') => void } = { value: '', set: () => undefined }

function Field({ first }: { first: number }) {
  const [value, change] = useState<number | ''>(first)
  useEffect(() => {
    now.value = value
    now.set = change
  }, [value])
  return (
    <MantineProvider env="test">
      <DurationInput label="Time" value={value} onChange={change} />
    </MantineProvider>
  )
}

async function field(first: number) {
  document.body.replaceChildren()
  const place = document.body.appendChild(document.createElement('div'))
  await act(() => createRoot(place).render(<Field first={first} />))
  const input = place.querySelector('input') as HTMLInputElement
  const type = (text: string) =>
    act(() => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text)
      input.dispatchEvent(new Event('input', { bubbles: true }))
    })
  return { input, unit: place.querySelector('select') as HTMLSelectElement, type }
}

// A loaded machine needs a while for the first one.
vi.setConfig({ testTimeout: 60_000 })

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => 0, removeEventListener: () => 0 }))
})

it('an emptied field is empty and no zero before what is typed next', async () => {
  const { input, unit, type } = await field(3_600)
  await type('')
  expect([input.value, now.value, unit.value]).toEqual(['', '', '3600'])
  expect(input.required && input.validity.valueMissing, 'it cannot be saved').toBe(true)
  for (const text of [`${input.value}1`, '12']) await type(text)
  expect([input.value, now.value]).toEqual(['12', 43_200])
})

it('what is typed stays as it is typed, and another value comes in the unit that suits it', async () => {
  const { input, unit, type } = await field(86_400)
  for (const text of ['0', '0.', '0.5']) {
    await type(text)
    expect(input.value).toBe(text)
  }
  expect(now.value).toBe(43_200)
  await act(() => now.set(7_200))
  expect([input.value, unit.value]).toEqual(['2', '3600'])
})
