import type { Locator, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { checkAccess } from '../access'
import { newPage, signIn } from '../browser'

/** Selects everybody whom a list shows, and opens what is to be done with them. */
async function begin(page: Page, list: string, action: string, title: string) {
  await page.goto(`/accounts/demo/users?${list}`)
  await page.getByLabel('Select this page').check()
  await page.getByRole('region', { name: 'Selected users' }).waitFor()
  const button = page.getByRole('button', { name: action, exact: true })
  if ((await button.count()) > 0) await button.click()
  else {
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: action }).click()
  }
  return page.getByRole('dialog', { name: title })
}

async function undo(page: Page) {
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Undone').waitFor()
}

it('people are enabled and restored in one go, and it is taken back', async () => {
  const page = await newPage()
  await signIn(page)
  const enabling = await begin(page, 'tab=inactive', 'Enable', 'Enable users')
  await enabling.getByText('3 users will regain access.').waitFor()
  await enabling.getByRole('button', { name: 'Enable' }).click()
  await page.getByText('3 users enabled.').waitFor()
  await page.getByText('No inactive users').waitFor()
  await undo(page)
  await page.getByRole('tab', { name: /^Inactive 3/ }).waitFor()
  await page.getByRole('link', { name: 'priya@demo.example' }).waitFor()

  const restoring = await begin(page, 'tab=deleted', 'Restore', 'Restore users')
  await restoring.getByText('3 users will be restored to their previous status.').waitFor()
  await restoring.getByRole('button', { name: 'Restore' }).click()
  await page.getByText('3 users restored.').waitFor()
  await page.getByText('No deleted users').waitFor()
  await undo(page)
  await page.getByRole('tab', { name: /^Deleted 3/ }).waitFor()
  await page.getByRole('link', { name: 'stefan@demo.example' }).waitFor()
})

it('everybody who is invited gets a new mail', async () => {
  const page = await newPage()
  await signIn(page)
  const before = await mails(page)
  const dialog = await begin(page, 'tab=invitations', 'Resend invitations', 'Resend invitations')
  await dialog.getByText('4 users will get a new invitation').waitFor()
  await dialog.getByRole('button', { name: 'Resend 4 invitations' }).click()
  await page.getByText('4 invitations are on their way.').waitFor()
  await expect.poll(() => mails(page)).toBe(before + 4)
})

it('systems are added to people and taken from them; rows and drawer say so, and it is taken back', async () => {
  const page = await newPage()
  await signIn(page)
  const creators = 'role=content_creator&status=active'
  const [chloe, cora] = ['chloe@', 'cora@'].map((email) => page.getByRole('row').filter({ hasText: email }))
  const choose = async (dialog: Locator, system: string) => {
    await dialog.getByText('Make a selection to preview the impact.').waitFor()
    await dialog.getByRole('combobox', { name: 'Systems' }).click()
    await page.getByRole('option', { name: system }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('listbox').waitFor({ state: 'hidden' })
  }
  const adding = await begin(page, creators, 'Add systems', 'Add systems')
  await chloe?.getByText('Procurement', { exact: true }).waitFor()
  await cora?.getByText('Customer Portal, Travel', { exact: true }).waitFor()
  await choose(adding, 'Procurement')
  await adding.getByText('1 user gets Procurement').waitFor()
  await adding.getByText('No change for 1 user.').waitFor()
  await checkAccess(page, 'systems are added')
  await adding.getByRole('button', { name: 'Add systems' }).click()
  await page.getByText('Systems added to 1 user.').waitFor()
  await cora?.getByText('Customer Portal, Procurement').waitFor()
  await cora?.getByRole('button', { name: '1 more system' }).hover()
  await page.getByRole('listitem').filter({ hasText: 'Travel' }).waitFor()
  await undo(page)
  await cora?.getByText('Customer Portal, Travel', { exact: true }).waitFor()

  const removing = await begin(page, creators, 'Remove systems', 'Remove systems')
  await choose(removing, 'Travel')
  await removing.getByText('1 user loses Travel').waitFor()
  await removing.getByRole('button', { name: 'Remove systems' }).click()
  await page.getByText('Systems removed from 1 user.').waitFor()
  await cora?.getByText('Customer Portal', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'cora@demo.example' }).click()
  const drawer = page.getByRole('dialog', { name: 'User' })
  await drawer.getByRole('tab', { name: 'Access' }).click()
  const systems = drawer.getByRole('heading', { name: 'Systems' }).locator('..').getByRole('listitem')
  await systems.filter({ hasText: 'Customer Portal' }).waitFor()
  expect(await systems.count(), 'no other system is left').toBe(1)
})

const mails = async (page: Page) => (await (await page.request.get('/dev/mail')).text()).split('to <strong>').length - 1
