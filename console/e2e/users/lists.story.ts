import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { Texts } from '../../src/texts/texts'
import { checkAccess } from '../access'
import { LANGUAGES, newPage, signIn, signInReading } from '../browser'

const USERS = '/accounts/demo/users'

it('with Shift a range of rows is chosen, downwards and upwards, and left again', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto(USERS)
  await page.getByText('1–10 of').waitFor()
  const box = (row: number) => page.locator('[data-row] input[type="checkbox"]').nth(row)
  await box(1).click()
  await box(5).click({ modifiers: ['Shift'] })
  await page.getByText('5 selected').waitFor()
  await box(8).click()
  await box(6).click({ modifiers: ['Shift'] })
  await page.getByText('8 selected').waitFor()
  // The range becomes what the row that was clicked becomes.
  await box(3).click()
  await page.getByText('7 selected').waitFor()
  await box(8).click({ modifiers: ['Shift'] })
  await page.getByText('2 selected').waitFor()
  await box(9).click()
  await box(4).click({ modifiers: ['Shift'] })
  await page.getByText('8 selected').waitFor()
  expect(await page.locator('[data-chosen]').count()).toBe(8)
  expect(await page.evaluate(() => window.getSelection()?.toString())).toBe('')
})

it.each(LANGUAGES)('what is filtered by takes no second line, %s', async (_, t: Texts, who) => {
  const page = await newPage()
  await signInReading(page, t, who)
  const { items } = await (await page.request.get('/api/v1/accounts/demo/systems')).json()
  await page.goto(`${USERS}?q=a&status=active&role=content_manager&login_method=password&system=${items[0].id}`)
  await page.getByRole('button', { name: t.users.clearFilters }).first().waitFor()
  const search = page.getByLabel(t.users.search)
  const shown = page
    .getByRole('button', {
      name: new RegExp(
        `^(${[t.users.column_status, t.users.column_role, t.users.system, t.users.column_login_method].join('|')}): `,
      ),
    })
    .or(page.getByRole('button', { name: t.users.clearFilters }).first())
    .or(page.getByRole('button', { name: t.users.columns }))
    .or(search)
  await expect.poll(() => shown.count()).toBe(7)
  const tops = await shown.evaluateAll((all) =>
    all.map((element) => Math.round(element.getBoundingClientRect().top + element.getBoundingClientRect().height / 2)),
  )
  expect(Math.max(...tops) - Math.min(...tops), tops.join()).toBeLessThan(4)
  await checkAccess(page, 'filters in one line')
})

it('Enter takes the first system that fits, and sends nothing where none does', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto(`${USERS}?q=ines`)
  await page.getByRole('link', { name: 'ines@demo.example' }).click()
  const drawer = page.getByRole('dialog', { name: 'User' })
  const picker = drawer.getByRole('textbox', { name: 'Systems' }).or(drawer.getByRole('combobox', { name: 'Systems' }))
  await picker.fill('Payr')
  await page.getByRole('option', { name: 'Payroll' }).waitFor()
  await picker.press('Enter')
  await drawer.getByText('Payroll').waitFor()
  await picker.fill('nothing like it')
  await picker.press('Enter')
  await drawer.getByRole('button', { name: 'Save changes' }).click()
  const impact = page.getByRole('dialog', { name: 'Review the impact' })
  await impact.getByText('1 user gets Payroll').waitFor()
  await impact.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
})

it('E puts the focus on the first field that can be changed, as often as it is pressed', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto(USERS)
  await page.getByText('1–10 of').waitFor()
  const drawer = page.getByRole('dialog', { name: 'User' })
  for (const press of ['first, when the user is not loaded yet', 'again, when they are']) {
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    await page.keyboard.press('e')
    const name = drawer.getByLabel('Name', { exact: true })
    await name.and(page.locator(':focus')).waitFor()
    // The drawer has settled, and the focus is still there.
    await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'))
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))
    expect(await name.and(page.locator(':focus')).count(), press).toBe(1)
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
  }
})

/** Everything the server refused while something was done. */
async function refusedWhile(page: Page, run: () => Promise<void>) {
  const refused: string[] = []
  page.on('response', (answer) => {
    if (answer.status() >= 400) refused.push(`${answer.status()} ${answer.request().method()} ${answer.url()}`)
  })
  await run()
  await page.waitForLoadState('networkidle')
  return refused
}

it('deleting and disabling, one or many, ask nothing that is refused', async () => {
  const page = await newPage()
  await signIn(page)
  const refused = await refusedWhile(page, async () => {
    for (const [name, act, done] of [
      ['giulia', 'Delete', /was deleted/],
      ['kemal', 'Disable', /was disabled/],
    ] as const) {
      await page.goto(`${USERS}?q=${name}`)
      await page.getByRole('link', { name: `${name}@demo.example` }).click()
      await page.getByRole('dialog', { name: 'User' }).getByRole('button', { name: 'Actions' }).click()
      await page.getByRole('menuitem', { name: act }).click()
      const dialog = page.getByRole('dialog', { name: act })
      await dialog.getByRole('button', { name: act }).click()
      await page.getByText(done).waitFor()
      await dialog.waitFor({ state: 'detached' })
      await page.waitForLoadState('networkidle')
    }
    await page.goto(`${USERS}?role=translator&status=active`)
    await page.getByLabel('Select this page').check()
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page.getByText(/users? deleted\./).waitFor()
  })
  expect(refused).toEqual([])
})

it('the number of a role is that of the list behind it', async () => {
  const page = await newPage()
  await signIn(page)
  const { items } = await (await page.request.get('/api/v1/accounts/demo/roles')).json()
  await page.goto('/accounts/demo/roles')
  await page.getByRole('link', { name: 'Builder', exact: true }).waitFor()
  for (const { name, users } of items as { name: string; users: number }[]) {
    if (users === 0) continue
    await page
      .getByRole('row', { name: new RegExp(`^${name} `) })
      .getByRole('link')
      .last()
      .click()
    await page.getByText(new RegExp(`^1–\\d+ of ${users}$`)).waitFor()
    await page.goBack()
  }
})
