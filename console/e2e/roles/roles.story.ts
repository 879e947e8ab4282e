import { it } from 'vitest'
import { checkAccess } from '../access'
import { newPage, signIn } from '../browser'

it('roles are compared in the matrix, and who holds one is found', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/roles')
  await page.getByText('Permission matrix').click()
  await page.getByRole('region', { name: 'Permission matrix' }).getByRole('row').nth(3).waitFor()
  await checkAccess(page, 'matrix')
  await page.getByText('List', { exact: true }).click()
  await page.getByRole('link', { name: 'Builder', exact: true }).click()
  const drawer = page.getByRole('dialog', { name: 'Builder' })
  await drawer.getByRole('link', { name: /Bea Builder/ }).waitFor()
  await checkAccess(page, 'role')
  await drawer
    .getByRole('link', { name: /Show all|Bea Builder/ })
    .last()
    .click()
  await page.waitForURL(/\/users\?/)
})
