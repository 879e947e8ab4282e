import { expect, it } from 'vitest'
import { EMPTY, added, settled } from './draft'

const TABLE = 'Ana,ana@x.example,boss@x.example'

it('what is added stands below what is there, and behind a table with an open column it waits', () => {
  expect(added(EMPTY, 'a@x.example', false)).toEqual({ text: 'a@x.example' })
  expect(added({ ...EMPTY, text: TABLE }, 'b@x.example', false)).toEqual({ text: `${TABLE}\nb@x.example` })
  expect(added({ ...EMPTY, text: TABLE, column: 1 }, 'b@x.example', true)).toEqual({ waiting: ['b@x.example'] })
  const waiting = { ...EMPTY, text: TABLE, waiting: ['b@x.example'] }
  expect(added(waiting, 'c@x.example', false), 'in its turn').toEqual({ waiting: ['b@x.example', 'c@x.example'] })
})

it('a chosen column is used for its table and for nothing behind it', () => {
  const draft = { ...EMPTY, text: TABLE, column: 1, waiting: ['b@x.example, c@x.example', 'd@x.example'] }
  expect(settled(draft, '"Ana" <ana@x.example>')).toEqual({
    text: '"Ana" <ana@x.example>\nb@x.example, c@x.example',
    column: undefined,
    waiting: ['d@x.example'],
  })
  expect(settled({ ...draft, column: undefined }, 'as lines').text, 'nothing was chosen').toBe(
    `${TABLE}\nb@x.example, c@x.example`,
  )
})
