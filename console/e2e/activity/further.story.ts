import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { en } from '../../src/texts/en'
import { checkAccess } from '../access'
import { newPage, signIn } from '../browser'

/** The log as it is where what is searched for stands behind so many times 10,000 others. */
async function deepLog(page: Page, pages: number, held: { go: () => Promise<void> }) {
  const real = await page.request.get('/api/v1/accounts/demo/events?limit=2')
  const { items } = await real.json()
  await page.route(/\/events\?/, async (route) => {
    const at = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0)
    await held.go()
    const isLast = at === pages
    await route.fulfill({
      json: {
        items: isLast ? items : [],
        next_cursor: isLast ? null : String(at + 1),
        prev_cursor: at === 0 ? null : String(at - 1),
        total: 0,
        total_is_exact: false,
      },
    })
  })
}

it('a search of the log that finds nothing at first goes on by itself, and counts what it shows', async () => {
  const page = await newPage()
  await signIn(page)
  let release: () => void = () => undefined
  const gates = [Promise.resolve(), new Promise<void>((go) => (release = go))]
  await deepLog(page, 2, { go: () => gates.shift() ?? Promise.resolve() })
  await page.goto('/accounts/demo/activity?q=deep')
  await page.getByText('No matches in the latest 10,000 entries. Searching older entries…').waitFor()
  await checkAccess(page, 'a search of the log under way')
  release()
  await page.getByText('At least 2 entries').waitFor()
  expect(await page.getByRole('row').count()).toBe(3)
})

it('such a search can be stopped and goes on when it is asked to, to an end that says so', async () => {
  const page = await newPage()
  await signIn(page)
  let release: () => void = () => undefined
  const gates = [Promise.resolve(), new Promise<void>((go) => (release = go))]
  await page.route(/\/events\?/, async (route) => {
    const at = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0)
    await (gates.shift() ?? Promise.resolve())
    const next_cursor = at < 2 ? String(at + 1) : null
    await route.fulfill({ json: { items: [], next_cursor, prev_cursor: null, total: 0, total_is_exact: false } })
  })
  await page.goto('/accounts/demo/activity?q=deep')
  await page.getByText(/Searching older entries/).waitFor()
  await page.getByRole('button', { name: en.common.cancel }).click()
  release()
  await page.getByText('No matches in the latest 20,000 entries.', { exact: true }).waitFor()
  await page.getByRole('button', { name: en.activity.goOn }).click()
  await page.getByText(en.activity.emptyTitle).waitFor()
  expect(await page.getByText(/0\+|At least/).count()).toBe(0)
})
