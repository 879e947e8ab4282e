import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { checkAccess } from '../access'
import { ADMIN, newPage, portcullis, signIn } from '../browser'

const LARGE = '/api/v1/accounts/large'
const LARGE_ADMIN = { ...ADMIN, email: 'admin@large.example' }

beforeAll(() => portcullis().run('demo', '--users', '4000'))

it('from 20 people on their number is typed before they are shut out', async () => {
  const page = await newPage()
  await signIn(page, LARGE_ADMIN)
  await page.goto('/accounts/large/users?q=person&status=active&rows=25')
  await page.getByText(/^1–25 of/).waitFor()
  await page.getByLabel('Select this page').check()
  await page.getByRole('button', { name: 'Disable' }).click()
  const dialog = page.getByRole('dialog', { name: 'Disable users' })
  const [number, disable] = [dialog.getByLabel('Type 25 to confirm'), dialog.getByRole('button', { name: 'Disable' })]
  await number.waitFor()
  expect(await disable.isDisabled(), 'before anything is typed').toBe(true)
  await number.fill('24')
  await number.press('Enter')
  expect(await disable.isDisabled(), 'with another number').toBe(true)
  await checkAccess(page, 'typed confirmation')
  await number.fill('25')
  await number.press('Enter')
  await page.getByText('25 users disabled.').waitFor()
})

it('more than 1,000 people are changed as a job, with its progress, which is left and found again', async () => {
  const page = await newPage()
  await signIn(page, LARGE_ADMIN)
  await page.goto('/accounts/large/users?q=person&status=active')
  await page.getByText(/^1–10 of/).waitFor()
  const inactive = page.getByRole('tab', { name: /^Inactive/ })
  const before = await inactive.innerText()
  await selectAll(page)
  const chosen = await page.getByRole('region', { name: 'Selected users' }).getByRole('status').innerText()
  const count = chosen.replace(' selected', '')
  await page.getByRole('button', { name: 'Disable' }).click()
  const dialog = page.getByRole('dialog', { name: 'Disable users' })
  await dialog.getByText(`${count} users will lose access`).waitFor()
  await checkAccess(page, 'preview for many')
  await dialog.getByLabel(/^Type [\d,]+ to confirm/).fill(count.replace(',', ''))
  await dialog.getByRole('button', { name: 'Disable' }).click()

  // At 0 % it has no width, and a quick job is never seen elsewhere.
  await page.getByRole('progressbar').waitFor({ state: 'attached' })
  await page.getByRole('link', { name: 'Roles' }).click()
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor()
  await page.goBack()
  await page.getByText(`Done: ${count} users changed.`).waitFor({ timeout: 60_000 })
  await page.getByText('No matching users').waitFor()
  await checkAccess(page, 'end of a job')
  // One of them is enabled by somebody else meanwhile: the undo is refused, and can be tried again when that is put right.
  const one = await anybody(page, '/users?status=inactive&q=person&sort=-email')
  expect((await page.request.post(`${LARGE}/users/${one}/enable`)).ok()).toBe(true)
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('alert').waitFor()
  expect((await page.request.post(`${LARGE}/users/${one}/disable`)).ok()).toBe(true)
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('progressbar').waitFor({ state: 'attached' })
  await page.getByText('Undone').waitFor({ timeout: 60_000 })
  await expect.poll(() => inactive.innerText()).toBe(before)
})

it('a change of everybody who fits the filter leaves alone who fits it only after the preview', async () => {
  const page = await newPage()
  await signIn(page, LARGE_ADMIN)
  const late = await anybody(page, '/users?status=inactive&q=person1')
  await page.goto('/accounts/large/users?q=person1&status=active')
  await page.getByText(/^1–10 of/).waitFor()
  await selectAll(page)
  await page.getByRole('button', { name: 'Change role' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change role' })
  await dialog.getByLabel('Role').selectOption('analyst')
  await dialog.getByText(/users will get this role/).waitFor()
  const before = await roleOf(page, late)
  expect((await page.request.post(`${LARGE}/users/${late}/enable`)).ok()).toBe(true)
  await dialog.getByRole('button', { name: 'Change role' }).click()
  await page.getByText(/^Role of [\d,]+ users changed|^Done: /).waitFor({ timeout: 60_000 })
  expect(await roleOf(page, late)).toBe(before)
})

it('one long list loads on the way and builds only what is in sight', async () => {
  const page = await newPage()
  await signIn(page, LARGE_ADMIN)
  await page.goto('/accounts/large/users?rows=0')
  await page.getByText(/^200 of [\d,]+ loaded$/).waitFor()
  const rows = page.getByRole('row')
  expect(await rows.count()).toBeLessThan(80)
  const first = await rows.nth(1).innerText()
  await rows.nth(5).hover()
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 4_000)
      return page.getByText(/^(?!200 )[\d,]+ of [\d,]+ loaded$/).count()
    })
    .toBe(1)
  expect(await rows.count()).toBeLessThan(80)
  expect(await rows.nth(1).innerText(), 'other rows are built').not.toBe(first)
})

async function selectAll(page: Page) {
  await page.getByLabel('Select this page').check()
  await page.getByRole('button', { name: /^Select all / }).click()
}

/** The id of the first whom a list shows. */
async function anybody(page: Page, list: string) {
  const { items } = (await (await page.request.get(LARGE + list)).json()) as { items: { id: string }[] }
  return items[0]?.id ?? ''
}

async function roleOf(page: Page, user: string) {
  const { role } = (await (await page.request.get(`${LARGE}/users/${user}`)).json()) as { role: { id: string } }
  return role.id
}
