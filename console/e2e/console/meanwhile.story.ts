import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { checkAccess } from '../access'
import { ADMIN, newPage, openUser, signIn } from '../browser'

const USERS = '/api/v1/accounts/demo/users'

/** What another admin does to a user meanwhile, in another window. */
async function elsewhere(page: Page, email: string, change: object) {
  const answer = await page.request.get(`${USERS}?q=${email}`)
  const { items } = (await answer.json()) as { items: { id: string }[] }
  const saved = await page.request.patch(`${USERS}/${items[0]?.id}`, { data: change })
  expect(saved.ok(), 'saved elsewhere').toBe(true)
}

/** Comes back to the window after a minute: what it shows is asked for again. */
async function comeBack(page: Page, address: RegExp) {
  const answer = page.waitForResponse(address)
  await page.clock.setFixedTime(Date.now() + 60_000)
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')))
  await (await answer).finished()
}

it('what is typed about a user stays when somebody else changes them; both versions are shown and undo takes back only mine', async () => {
  const page = await newPage()
  await signIn(page)
  const drawer = await openUser(page, 'carl')
  const [name, role] = [drawer.getByLabel('Name', { exact: true }), drawer.getByLabel('Role')]
  await name.fill('Carla Content')
  await elsewhere(page, 'carl@demo.example', { role_id: 'content_viewer' })
  await comeBack(page, /users\/[^/?]+$/)
  await page.getByRole('cell', { name: 'Content Viewer' }).waitFor()
  expect(await name.inputValue(), 'what was typed stays').toBe('Carla Content')

  await drawer.getByRole('button', { name: 'Save changes' }).click()
  const dialog = page.getByRole('dialog', { name: 'This was changed in the meantime' })
  await dialog.getByRole('row', { name: /Name.*Carla Content/ }).waitFor()
  await dialog.getByRole('row', { name: 'Role not changed by you Content Viewer' }).waitFor()
  expect(await dialog.getByRole('row').count(), 'what nobody changed is not compared').toBe(3)
  await checkAccess(page, 'both versions of a user')
  await dialog.getByRole('button', { name: 'Save my version' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  await expect.poll(() => name.evaluate((field) => field === document.activeElement)).toBe(true)
  expect(await role.inputValue()).toBe('content_viewer')

  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Undone').waitFor()
  await expect.poll(() => name.inputValue()).not.toBe('Carla Content')
  expect(await role.inputValue(), 'what somebody else did stays').toBe('content_viewer')
})

it('what somebody else saves about a user is shown where nothing is typed', async () => {
  const page = await newPage()
  await signIn(page)
  const drawer = await openUser(page, 'fatima')
  const name = drawer.getByLabel('Name', { exact: true })
  await name.waitFor()
  await elsewhere(page, 'fatima@demo.example', { name: 'Fatima Elsewhere' })
  await comeBack(page, /users\/[^/?]+$/)
  await expect.poll(() => name.inputValue()).toBe('Fatima Elsewhere')
})

it('a profile that was changed in another browser is not overwritten, and nothing typed is lost', async () => {
  const page = await newPage()
  await signIn(page, { email: 'hiro@demo.example', password: ADMIN.password })
  await page.goto('/profile')
  const name = page.getByLabel('Your name')
  await name.fill('Hiro Here')
  await page.request.patch('/api/v1/me', { data: { name: 'Hiro Elsewhere' } })
  await comeBack(page, /\/me$/)
  expect(await name.inputValue(), 'what was typed stays').toBe('Hiro Here')
  await page.getByRole('button', { name: 'Save changes' }).click()
  const dialog = page.getByRole('dialog', { name: 'This was changed in the meantime' })
  await dialog.getByRole('cell', { name: 'Hiro Here' }).waitFor()
  await dialog.getByRole('cell', { name: 'Hiro Elsewhere' }).waitFor()
  expect(await dialog.getByRole('row').count(), 'what nobody changed is not compared').toBe(2)
  await dialog.getByRole('button', { name: 'Use saved version' }).click()
  await expect.poll(() => name.inputValue()).toBe('Hiro Elsewhere')
})

it('what touches people is shown before it is saved over what somebody else saved, too', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/settings')
  const characters = page.getByLabel('Minimum length')
  await characters.fill('16')
  await page.request.patch('/api/v1/accounts/demo', { data: { name: 'Demo Elsewhere' } })
  await page.getByRole('button', { name: 'Save changes' }).click()
  const dialog = page.getByRole('dialog', { name: 'This was changed in the meantime' })
  await dialog.getByRole('button', { name: 'Save my version' }).click()
  const effects = page.getByRole('dialog', { name: 'Review the impact' })
  await effects.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  expect(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('Demo Elsewhere')
  expect(await characters.inputValue()).toBe('16')
})

it('settings that start over say nothing more of what was refused, and the keyboard stays in them', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/settings')
  const name = page.getByRole('textbox', { name: 'Name', exact: true })
  const length = page.getByLabel('Minimum length')
  await length.fill('20')
  await page.getByRole('button', { name: 'Save changes' }).click()
  const effects = page.getByRole('dialog', { name: 'Review the impact' })
  await effects.waitFor()
  await page.request.patch('/api/v1/accounts/demo', { data: { name: 'Demo Once More' } })
  await effects.getByRole('button', { name: 'Save changes' }).click()
  const both = page.getByRole('dialog', { name: 'This was changed in the meantime' })
  await both.getByRole('button', { name: 'Use saved version' }).press('Enter')
  await both.waitFor({ state: 'detached' })
  expect(await name.inputValue()).toBe('Demo Once More')
  expect(await page.getByRole('main').getByRole('alert').count(), 'no refusal over a form without changes').toBe(0)
  await name.and(page.locator(':focus')).waitFor()

  await length.fill('21')
  await page.getByRole('button', { name: 'Discard' }).press('Enter')
  await name.and(page.locator(':focus')).waitFor()
})
