import { expect, it } from 'vitest'
import { checkAccess, checkFits } from '../access'
import { newPage, signIn } from '../browser'

it('seats and sign-ins are seen as pictures, and read as numbers', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/insights')
  for (const title of ['Users by status', 'Sign-ins per day', 'Users by role']) {
    const picture = page.getByRole('region', { name: title })
    await picture.locator('svg').first().waitFor()
    await picture.getByText('Show as table').click()
    await picture.getByRole('table').getByRole('row').nth(1).waitFor()
  }
  const numbers = page.getByRole('region', { name: 'Users by status' }).getByRole('table')
  const [day, today] = [numbers.getByRole('columnheader'), numbers.getByRole('row').nth(1).getByRole('cell')]
  expect(await day.allInnerTexts()).toEqual(['Day', 'Active', 'Provisioned', 'Inactive'])
  expect(await today.allInnerTexts(), 'the newest day comes first').toEqual(['20', '4', '3'])
  expect(await numbers.getByRole('row').count(), 'every day of the span, and the names of the columns').toBe(31)
  await checkAccess(page, 'pictures and numbers')

  await page.getByText('90 days', { exact: true }).click()
  await page.waitForURL(/days=90/)
  await expect.poll(() => numbers.getByRole('row').count()).toBe(91)
})

it('on a telephone the pictures and their numbers fit', async () => {
  const page = await newPage({ width: 390 })
  await signIn(page)
  await page.goto('/accounts/demo/insights')
  await page.getByText('Show as table').first().click()
  await page.getByRole('table').first().waitFor()
  await checkFits(page, 'pictures and numbers')
})
