import { MantineProvider } from '@mantine/core'
import { act, useState } from 'react'
import { type Root, createRoot } from 'react-dom/client'
import { beforeEach, expect, it, vi } from 'vitest'
import type { Schema } from '../../../api/client'
import '../../../lib/composing'
import { AddressBox } from './AddressBox'

type Row = Schema['InvitationRow']

const ROWS: Row[] = [
  { text: 'Ana\tana@x.example', email: 'ana@x.example', name: 'Ana Lopez', verdict: 'invited' },
  { text: 'Bob\tbob.example', verdict: 'invalid_email', detail: 'this has no @' },
]
const now = { text: '' }

function Box({ rows }: { rows: Row[] }) {
  const [typed, change] = useState('')
  return (
    <MantineProvider env="test">
      <AddressBox
        text={typed}
        change={(next) => {
          now.text = next
          change(next)
        }}
        append={(more) => {
          now.text = now.text ? `${now.text}\n${more}` : more
          change(now.text)
        }}
        rows={rows}
        isChecking={false}
        isUnclear={false}
        isRefused={false}
        hasNone={false}
        lastGood={undefined}
      />
    </MantineProvider>
  )
}

let shown: Root | undefined

async function box(rows: Row[]) {
  await act(() => shown?.unmount())
  document.body.replaceChildren()
  const place = document.body.appendChild(document.createElement('div'))
  now.text = ''
  const root = createRoot(place)
  shown = root
  await act(() => root.render(<Box rows={rows} />))
  return {
    close: () => act(() => root.unmount()),
    field: place.querySelector('input[data-autofocus]') as HTMLInputElement,
    chips: [...place.querySelectorAll<HTMLButtonElement>('button[title]')],
  }
}

// A loaded machine needs a while for the first one.
vi.setConfig({ testTimeout: 60_000 })

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => 0, removeEventListener: () => 0 }))
})

it('shows the name beside the address, and makes a chip text again', async () => {
  const { field, chips } = await box(ROWS)
  expect(chips.map((chip) => chip.textContent)).toEqual(['Ana Lopezana@x.example', 'Bob\tbob.example'])
  await act(() => chips[0]?.dispatchEvent(new MouseEvent('dblclick', { bubbles: true })))
  expect([field.value, now.text]).toEqual(['"Ana Lopez" <ana@x.example>', 'Bob\tbob.example'])
  expect(document.activeElement).toBe(field)
  await act(() => chips[1]?.dispatchEvent(new KeyboardEvent('keydown', { key: 'F2', bubbles: true })))
  // A field has one line.
  expect(field.value.replace('\t', ' ')).toBe('Bob bob.example')
})

it('takes the text of a dropped file', async () => {
  const { field } = await box([])
  const drop = new Event('drop', { bubbles: true, cancelable: true })
  const bytes = new Uint8Array([0x4c, 0xf3, 0x70, 0x65, 0x7a, 0x3b, 0x61, 0x40, 0x78, 0x2e, 0x64, 0x65])
  const file = { name: 'people.csv', arrayBuffer: () => Promise.resolve(bytes.buffer) }
  Object.assign(drop, { dataTransfer: { files: [file], getData: () => '' } })
  field.dispatchEvent(drop)
  await vi.waitFor(() => expect(now.text).toBe('López;a@x.de'))
  expect(drop.defaultPrevented).toBe(true)
})

const press = (field: HTMLElement, key: string) =>
  act(() => field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })))
const type = (field: HTMLInputElement, text: string) =>
  act(() => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text)
    field.dispatchEvent(new Event('input', { bubbles: true }))
  })

it('a chip that is being edited stays a chip when the dialog goes away, and so does what is half typed', async () => {
  const { chips, close } = await box(ROWS)
  await act(() => chips[0]?.dispatchEvent(new MouseEvent('dblclick', { bubbles: true })))
  await close()
  expect(now.text).toBe('Bob\tbob.example\n"Ana Lopez" <ana@x.example>')
  const typing = await box([])
  await type(typing.field, 'carl@x.example')
  await typing.close()
  expect(now.text).toBe('carl@x.example')
})

it('a comma takes no chip apart that is being edited, and no name that is being typed', async () => {
  const { field, chips } = await box(ROWS)
  await act(() => chips[0]?.dispatchEvent(new MouseEvent('dblclick', { bubbles: true })))
  await press(field, ',')
  expect(field.value).toBe('"Ana Lopez" <ana@x.example>')
  await press(field, 'Enter')
  expect([field.value, now.text]).toEqual(['', 'Bob\tbob.example\n"Ana Lopez" <ana@x.example>'])
  await type(field, 'Dan <dan@x.example')
  await press(field, ',')
  expect(field.value).toBe('Dan <dan@x.example')
  await type(field, 'Dan <dan@x.example>')
  await press(field, ',')
  expect(field.value).toBe('')
})

it('a comma in the middle of what is typed stands there', async () => {
  const { field } = await box([])
  await type(field, 'Lopez Ana <ana@x.example>')
  field.setSelectionRange(5, 5)
  await press(field, ',')
  expect(field.value).toBe('Lopez Ana <ana@x.example>')
})

it('Escape leaves a chip as it was and closes nothing but the editing', async () => {
  const { field, chips } = await box(ROWS)
  await act(() => chips[0]?.dispatchEvent(new MouseEvent('dblclick', { bubbles: true })))
  await type(field, '"Ana L')
  await press(field, 'Escape')
  expect([field.value, now.text]).toEqual(['', 'Bob\tbob.example\n"Ana Lopez" <ana@x.example>'])
  await press(field, 'Escape')
  expect(now.text).toBe('Bob\tbob.example\n"Ana Lopez" <ana@x.example>')
})
