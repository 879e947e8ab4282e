import { expect, it } from 'vitest'
import { checkAccess } from './access'
import { newPage, signIn } from './browser'

it('a change shows whom it touches before it is made, and is refused at the field', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/settings')
  const characters = page.getByLabel('Characters, at least')
  await characters.fill('5')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText(/outside 10 to 128/).waitFor()
  await checkAccess(page, 'refused at the field')
  await characters.fill('14')
  await page.getByRole('button', { name: 'Save changes' }).click()
  const dialog = page.getByRole('dialog', { name: 'This touches people' })
  await dialog.waitFor()
  await checkAccess(page, 'effects')
  await dialog.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
})

it('unsaved changes are asked about', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/settings')
  await page.getByLabel('Characters, at least').fill('20')
  await page.getByRole('link', { name: 'Roles' }).click()
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
  await dialog.waitFor()
  await checkAccess(page, 'leave without saving')
  await dialog.getByRole('button', { name: 'Stay here' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(page.url()).toContain('/settings')
  expect(await page.getByLabel('Characters, at least').inputValue()).toBe('20')
})
