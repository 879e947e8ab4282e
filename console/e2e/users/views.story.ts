import { it } from 'vitest'
import { checkAccess } from '../access'
import { newPage, signIn } from '../browser'

it('a view is saved, found again in another browser, and deleted', async () => {
  const [page, elsewhere] = [await newPage(), await newPage()]
  await signIn(page)
  await signIn(elsewhere)
  await page.goto('/accounts/demo/users?role=builder&sort=name')
  await page.getByText(/^1–/).waitFor()
  await page.getByRole('button', { name: 'Views' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/No saved views yet/).waitFor()
  await dialog.getByLabel('Save current view').fill('Builders by name')
  await checkAccess(page, 'saving a view')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByRole('button', { name: 'Builders by name', exact: true }).waitFor()
  await checkAccess(page, 'saved view')

  await elsewhere.goto('/accounts/demo/users')
  await elsewhere.getByRole('button', { name: 'Views' }).click()
  const there = elsewhere.getByRole('dialog')
  await there.getByRole('button', { name: 'Builders by name', exact: true }).click()
  await elsewhere.waitForURL(/role=builder.*sort=name/)
  await elsewhere.getByRole('button', { name: 'Builders by name' }).click()
  await there.getByRole('button', { name: 'Delete view Builders by name' }).click()
  await elsewhere.getByText('View “Builders by name” deleted.').waitFor()
  await there.getByText(/No saved views yet/).waitFor()

  await page.reload()
  await page.getByRole('button', { name: 'Views' }).click()
  await dialog.getByText(/No saved views yet/).waitFor()
})

it('a second view of the same name is refused at its field', async () => {
  const page = await newPage()
  await signIn(page)
  const path = '/accounts/demo/users'
  for (const role of ['analyst', 'publisher']) {
    await page.goto(`${path}?role=${role}`)
    await page.getByRole('button', { name: 'Views' }).click()
    await page.getByLabel('Save current view').fill('Mine')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    if (role === 'analyst') await page.getByRole('button', { name: 'Delete view Mine' }).waitFor()
  }
  await page.getByLabel('Save current view').and(page.locator('[aria-invalid="true"]')).waitFor()
  await page
    .getByText('You already have a view named Mine. Choose a different name, or delete that view first.')
    .waitFor()
  await checkAccess(page, 'name of a view is taken')
})
