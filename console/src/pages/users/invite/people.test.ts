import { expect, it } from 'vitest'
import { isWhole, textOf, written } from './people'

it('writes a person so that they are read again, and nobody so that they are invited by that', () => {
  const refused = { text: 'boss@x.example', params: { reason: 'other_column' } }
  expect(written(refused, 'Not invited:')).toBe('Not invited: boss@x.example')
  expect(written({ ...refused, text: 'Not invited: boss@x.example' }, 'Not invited:')).toBe(
    'Not invited: boss@x.example',
  )
  expect(written({ text: 'a@x', params: { reason: 'domain_without_dot' } }, 'Not invited:')).toBe('a@x')
  expect(written({ email: 'ana@x.example', text: '' }, 'Not invited:')).toBe('ana@x.example')
  expect(written({ email: 'ana@x.example', name: 'Lopez, Ana', text: '' }, 'Not invited:')).toBe(
    '"Lopez, Ana" <ana@x.example>',
  )
  expect(written({ email: 'b@x.example', name: 'Bob "B" \\ Smith', text: '' }, 'Not invited:')).toBe(
    '"Bob \\"B\\" \\\\ Smith" <b@x.example>',
  )
  expect(written({ text: 'Ana;"Street 1\r\nBerlin"' }, 'Not invited:')).toBe('Ana;"Street 1 Berlin"')
})

it('reads files in the encodings that spreadsheets write', () => {
  const bytes = (...numbers: number[]) => new Uint8Array(numbers)
  expect(textOf(new TextEncoder().encode('José'))).toBe('José')
  expect(textOf(bytes(0xef, 0xbb, 0xbf, 0x41))).toBe('A')
  expect(textOf(bytes(0x4a, 0x6f, 0x73, 0xe9))).toBe('José')
  expect(textOf(bytes(0xff, 0xfe, 0xe9, 0x00))).toBe('é')
  expect(textOf(bytes(0xfe, 0xff, 0x00, 0xe9))).toBe('é')
  expect(textOf(bytes(0x50, 0x4b, 0x03, 0x04, 0x00)), 'a workbook').toBeUndefined()
})

it('knows which comma ends an address', () => {
  expect(
    ['a@x.example', 'Ana <a@x.example>', '"Lopez, Ana" <a@x.example>', '"A \\" B" <a@x.example>'].every(isWhole),
  ).toBe(true)
  expect(['Lopez', 'Ana <a@x.exam', '"Ana @ home', '"A \\" @'].some(isWhole)).toBe(false)
})
