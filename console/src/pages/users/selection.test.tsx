import { act, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { beforeEach, expect, it, vi } from 'vitest'
import { filterOf } from '../../parts/users/filter'
import { type Selection, useSelection } from './selection'

const FILTER = filterOf({})
let now: Selection
let show: (page: string[]) => Promise<void>

function Rows({ page }: { page: string[] }) {
  const selection = useSelection(
    FILTER,
    page.map((id) => ({ id })),
  )
  useEffect(() => {
    now = selection
  }, [selection])
  return null
}

beforeEach(async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  const root = createRoot(document.createElement('div'))
  show = async (page) => act(() => root.render(<Rows page={page} />))
  await show(['a', 'b'])
})

it('grows across pages', async () => {
  await act(() => now.toggle(['a'], true))
  await show(['c', 'd'])
  await act(() => now.toggle(['c', 'd'], true))
  await act(() => now.toggle(['d'], false))
  expect(now.whom).toEqual({ ids: ['a', 'c'] })
})

it('is those in sight without the one where one of all is unticked, on any page', async () => {
  await act(() => now.toggle(['a', 'b'], true))
  await act(() => now.chooseAll())
  expect(now.whom).toEqual({ filter: FILTER })
  await show(['c', 'd'])
  await act(() => now.toggle(['c'], false))
  expect(now.whom).toEqual({ ids: ['d'] })
})

it('a range goes from the row that was ticked last to this one, whichever stands first', async () => {
  await show(['a', 'b', 'c', 'd', 'e'])
  await act(() => now.toggle(['d'], true))
  await act(() => now.toggle(['b'], true, true))
  expect(now.whom).toEqual({ ids: ['d', 'b', 'c'] })
  await act(() => now.toggle(['c'], false, true))
  expect(now.whom).toEqual({ ids: ['d'] })
  await show(['x', 'y'])
  await act(() => now.toggle(['y'], true, true))
  expect(now.whom, 'where the other end is on another page').toEqual({ ids: ['d', 'y'] })
})
