import { expect, it } from 'vitest'
import { actions } from '../../src/api/generated/actions'
import type { Texts } from '../../src/texts/texts'
import { checkAccess, checkFits } from '../access'
import { ADMIN, LANGUAGES, newPage, signIn, signInReading } from '../browser'

const LOG = '/accounts/demo/activity'

it.each(LANGUAGES)(
  'the log is filtered by everything that can happen, failed sign-ins too, %s',
  async (_, t: Texts, who) => {
    const page = await newPage()
    await signInReading(page, t, who)
    await page.goto(LOG)
    await page.getByRole('button', { name: t.activity.what, exact: true }).click()
    await page.getByRole('checkbox').first().waitFor()
    const words = (await page.getByRole('checkbox').all()).map((box) =>
      box.evaluate((input) => input.closest('label, div')?.parentElement?.innerText ?? ''),
    )
    expect(words.length).toBe(actions.length)
    expect(
      (await Promise.all(words)).filter((text) => /[a-z]\.[a-z]/.test(text)),
      'none is a word of the API',
    ).toEqual([])
    // Enter takes the first that fits.
    await page
      .getByRole('textbox', { name: `${t.activity.what}: ${t.common.search}` })
      .fill(t.actions['sign_in.failed'])
    await page.keyboard.press('Enter')
    await page.waitForURL(/action=sign_in.failed/)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: `${t.activity.what}: ${t.actions['sign_in.failed']}` }).waitFor()
  },
)

it('a row of the log opens wherever it is clicked, as it says under the mouse', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto(LOG)
  const row = page.getByRole('row').nth(2)
  const cell = row.getByRole('cell').first()
  await cell.waitFor()
  expect(await cell.evaluate((element) => getComputedStyle(element).cursor)).toBe('pointer')
  await cell.click()
  await page.waitForURL(/entry=evt_/)
  const entry = page.getByRole('dialog', { name: 'Log entry' })
  await entry.waitFor()
  await page.keyboard.press('Escape')
  await entry.waitFor({ state: 'detached' })
  // A name in it still leads to its own.
  await row
    .getByTitle(/^Show only entries/)
    .first()
    .click()
  await page.waitForURL((url) => /actor=|target=/.test(url.search) && !url.searchParams.has('entry'))

  await page.goto('/accounts/demo/roles')
  await page
    .getByRole('row', { name: /Builder/ })
    .getByRole('cell')
    .nth(1)
    .click()
  await page.getByRole('dialog', { name: 'Builder' }).waitFor()
})

it.each(LANGUAGES)('what something happened to has a name, and never that of a table, %s', async (_, t: Texts, who) => {
  const page = await newPage()
  await signInReading(page, t, who)
  const elsewhere = await newPage()
  const bea = { ...ADMIN, email: 'bea@demo.example' }
  await signIn(elsewhere, bea)
  expect((await elsewhere.request.delete('/api/v1/me/sessions')).ok()).toBe(true)
  await page.goto(`${LOG}?action=session.all_ended`)
  await page
    .getByRole('row')
    .filter({ hasText: t.actions['session.all_ended'] })
    .first()
    .getByText(bea.email)
    .nth(1)
    .waitFor()
  // Older entries have no name for some things.
  await page.route(/\/events\?/, async (route) => {
    const answer = await route.fetch()
    const body = await answer.json()
    for (const item of body.items) for (const target of item.targets) target.label = ''
    await route.fulfill({ response: answer, json: body })
  })
  await page.reload()
  await page.getByRole('link', { name: t.activity.target_user, exact: true }).first().waitFor()
})

it.each(LANGUAGES)('the last day is not before the first one, %s', async (_, t: Texts, who) => {
  const page = await newPage()
  await signInReading(page, t, who)
  await page.goto(`${LOG}?from=2026-11-10`)
  const [from, to] = [page.getByLabel(t.activity.from), page.getByLabel(t.activity.to)]
  await to.fill('2026-11-01')
  await page.getByText(t.activity.toBeforeFrom).waitFor()
  await checkAccess(page, 'a range that ends before it begins')
  await to.fill('2026-11-12')
  await page.waitForURL(/to=2026-11-12/)
  expect(await page.getByText(t.activity.toBeforeFrom).count()).toBe(0)
  await page.goto(`${LOG}?from=2026-11-30&to=2026-11-01`)
  await expect.poll(() => from.inputValue()).toBe('2026-11-01')
  expect(await to.inputValue()).toBe('2026-11-30')
  const wrong = await page.request.get('/api/v1/accounts/demo/events?from=2026-11-30T00:00:00Z&to=2026-11-01T00:00:00Z')
  expect([wrong.status(), (await wrong.json()).errors[0].pointer]).toEqual([422, 'to'])
})

it.each([
  [992, LANGUAGES[0]],
  [1280, LANGUAGES[0]],
  [1280, LANGUAGES[1]],
] as const)('the filters of the log stay in one line, %s wide, %s', async (width, [, t, who]) => {
  const page = await newPage({ width })
  await signInReading(page, t, who)
  await page.goto(`${LOG}?action=session.started`)
  await page.getByRole('row').nth(1).getByRole('cell').nth(2).getByRole('link').click()
  await page.waitForURL(/target=/)
  // A chip says what it filters by, with a space before the name.
  const chip = page.getByTitle(t.activity.removeFilter)
  expect(await chip.innerText()).toMatch(new RegExp(`^${t.activity.whom}: \\S`))
  await page.getByLabel(t.activity.from).fill('2026-11-10')
  await page.waitForURL(/from=/)
  await page.getByLabel(t.activity.to).fill('2026-11-01')
  const error = page.getByText(t.activity.toBeforeFrom)
  await error.waitFor()
  const bar = page.getByRole('button', { name: t.users.clearFilters }).first().locator('xpath=..')
  const tops = await bar
    .locator('button, input')
    .evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)))
  expect(tops.length).toBe(6)
  expect(new Set(tops).size, tops.join()).toBe(1)
  expect(await error.evaluate((one) => one.getClientRects().length)).toBe(1)
  expect(await bar.evaluate((one) => one.scrollWidth - one.clientWidth)).toBeLessThanOrEqual(0)
  await checkFits(page, 'the filters of the log')
})
