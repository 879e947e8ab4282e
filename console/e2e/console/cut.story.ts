import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { de } from '../../src/texts/de'
import { ADMIN, newPage, settled, signInReading } from '../browser'

/** What is longer than its place, of all that fits a selector. */
const cut = (page: Page, selector: string) =>
  page
    .locator(selector)
    .evaluateAll((all) =>
      all.filter((one) => one.scrollWidth > one.clientWidth + 1).map(({ textContent }) => textContent),
    )

it.each([390, 1280])('names, events and what is pressed are read whole at %i px', async (width) => {
  const page = await newPage({ width, locale: 'de' })
  await signInReading(page, de, { ...ADMIN, email: 'alma@demo.example' })
  await page.goto('/accounts/demo/users?rows=50')
  await settled(page)
  await page.locator('[data-row]').nth(20).waitFor()
  expect(await cut(page, '[data-row] a, [data-row] td:nth-child(3) bdi'), 'addresses and names').toEqual([])

  const { items } = await (await page.request.get('/api/v1/accounts/demo/users?status=deleted')).json()
  const users = `/api/v1/accounts/demo/users/${items[0].id}`
  expect((await page.request.post(`${users}/restore`)).ok()).toBe(true)
  await page.goto('/accounts/demo/activity')
  await page.getByRole('link', { name: de.actions['user.restored'] }).first().waitFor()
  expect(await cut(page, 'td:nth-child(2) a'), 'events').toEqual([])

  await page.goto(`/accounts/demo/users?user=${items[0].id}`)
  await page.getByRole('button', { name: de.user.actions }).click()
  await page.getByRole('menuitem', { name: de.user.act_delete, exact: true }).click()
  const dialog = page.getByRole('dialog', { name: de.user.act_delete, exact: true })
  await dialog.getByRole('button', { name: de.user.act_delete }).click()
  await page.getByRole('button', { name: de.common.undo }).waitFor()
  expect(await cut(page, '.mantine-Notification-root button, .mantine-Notification-root button span'), 'undo').toEqual(
    [],
  )
})

it('a problem chip shows its whole address, and a role its whole permissions, on a narrow page', async () => {
  const page = await newPage({ width: 390, locale: 'de' })
  await signInReading(page, de, { ...ADMIN, email: 'alma@demo.example' })
  await page.goto('/accounts/demo/users?invite=true')
  await page.getByLabel(de.invite.addresses).fill('A Rather Long Name <stefan.von-und-zu-hohenstein@demo.example>')
  await page.keyboard.press('Enter')
  await page
    .getByRole('button', { name: /stefan\.von/ })
    .first()
    .waitFor()
  expect(await cut(page, '[role="dialog"] button bdi'), 'chips').toEqual([])

  await page.goto('/accounts/demo/roles?role=system_manager')
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('cell').first().waitFor()
  const width = await drawer
    .getByRole('cell')
    .first()
    .evaluate((cell) => cell.clientWidth)
  expect(width, 'the words of a permission').toBeGreaterThan(180)
})
