import { beforeAll, expect, it } from 'vitest'
import { checkAccess } from './access'
import { ADMIN, newPage, portcullis, signIn } from './browser'

const LARGE_ADMIN = { ...ADMIN, email: 'admin@large.example' }

beforeAll(() => portcullis().run('demo', '--users', '4000'))

it('from 20 people on their number is typed before they are shut out', async () => {
  const page = await newPage()
  await signIn(page, LARGE_ADMIN)
  await page.goto('/accounts/large/users?q=person&status=active&rows=25')
  await page.getByText(/^1–25 of/).waitFor()
  await page.getByLabel('Select the rows of this page').check()
  await page.getByRole('button', { name: 'Disable' }).click()
  const dialog = page.getByRole('dialog', { name: 'Disable people' })
  const [number, disable] = [dialog.getByLabel('Type 25 to confirm'), dialog.getByRole('button', { name: 'Disable' })]
  await number.waitFor()
  expect(await disable.isDisabled(), 'before anything is typed').toBe(true)
  await number.fill('24')
  await number.press('Enter')
  expect(await disable.isDisabled(), 'with another number').toBe(true)
  await checkAccess(page, 'typed confirmation')
  await number.fill('25')
  await number.press('Enter')
  await page.getByText('25 people disabled.').waitFor()
})

it('more than 1,000 people are changed as a job, with its progress, which is left and found again', async () => {
  const page = await newPage()
  await signIn(page, LARGE_ADMIN)
  await page.goto('/accounts/large/users?q=person&status=active')
  await page.getByText(/^1–10 of/).waitFor()
  await page.getByLabel('Select the rows of this page').check()
  await page.getByRole('button', { name: /^Select all / }).click()
  const chosen = await page.getByRole('region', { name: 'Selected people' }).getByRole('status').innerText()
  const count = chosen.replace(' selected', '')
  await page.getByRole('button', { name: 'Disable' }).click()
  const dialog = page.getByRole('dialog', { name: 'Disable people' })
  await dialog.getByText(`${count} people cannot get in any more`).waitFor()
  await checkAccess(page, 'preview for many')
  await dialog.getByLabel(/^Type \d+ to confirm/).fill(count.replace(',', ''))
  await dialog.getByRole('button', { name: 'Disable' }).click()

  await page.getByRole('progressbar').waitFor()
  await page.getByRole('link', { name: 'Roles' }).click()
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor()
  await page.goBack()
  await page.getByText(`Done: ${count.replace(',', '')} people changed.`).waitFor({ timeout: 60_000 })
  await page.getByText('Nobody matches').waitFor()
  await checkAccess(page, 'end of a job')
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Undone').waitFor({ timeout: 60_000 })
})
