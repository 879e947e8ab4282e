import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { checkAccess } from '../access'
import { ADMIN, newPage, openUser, signIn } from '../browser'

async function invite(page: Page, email: string) {
  const answer = await page.request.post('/api/v1/accounts/demo/users', { data: { emails: email, role_id: 'builder' } })
  expect(answer.ok(), `${email} is invited`).toBe(true)
}

async function confirm(page: Page, name: string) {
  const dialog = page.getByRole('dialog', { name, exact: true })
  await dialog.getByRole('button', { name, exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
}

it('disabling an admin names the invitations that die with it', async () => {
  const [page, deputy] = [await newPage(), await newPage()]
  await signIn(page)
  await signIn(deputy, { ...ADMIN, email: 'alma@demo.example' })
  await invite(deputy, 'nils@new.example')
  await openUser(page, 'alma')
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Disable', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Disable', exact: true })
  await dialog.getByText('1 pending invitation stops working (nils@new.example)').waitFor()
  await checkAccess(page, 'an inviter is disabled')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
})

it('an invitation that died with its inviter is shown as dead, and another admin takes it over', async () => {
  const [page, deputy] = [await newPage(), await newPage()]
  await signIn(page)
  await signIn(deputy, { ...ADMIN, email: 'alma@demo.example' })
  await invite(deputy, 'oskar@new.example')
  const found = await page.request.get('/api/v1/accounts/demo/users?q=alma@demo.example')
  const alma = ((await found.json()) as { items: { id: string }[] }).items[0]?.id
  expect((await page.request.post(`/api/v1/accounts/demo/users/${alma}/disable`, { data: {} })).ok()).toBe(true)

  await page.goto('/accounts/demo/users?tab=invitations&q=oskar')
  await page.getByText(/can no longer be accepted/).waitFor()
  await page.getByRole('row', { name: /oskar@new\.example.*Link no longer works/ }).waitFor()
  await page.getByRole('link', { name: 'oskar@new.example' }).click()
  const drawer = page.getByRole('dialog', { name: 'User' })
  await drawer.getByText(/its sender can no longer invite people/).waitFor()
  await checkAccess(page, 'the drawer of an invitation that died')
  await drawer.getByRole('button', { name: 'Resend invitation' }).click()
  await confirm(page, 'Resend invitation')
  await drawer.getByText('Link expires').waitFor()
})

it('whoever is restored before they accepted is invited again, and the preview says so', async () => {
  const page = await newPage()
  await signIn(page)
  await invite(page, 'olga@new.example')
  await page.goto('/accounts/demo/users?tab=invitations')
  await page.getByRole('link', { name: 'olga@new.example' }).click()
  const act = async (name: string) => {
    await page.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name, exact: true }).click()
  }
  await act('Delete')
  await confirm(page, 'Delete')
  await page.goto('/accounts/demo/users?tab=deleted&q=olga')
  await page.getByRole('link', { name: 'olga@new.example' }).click()
  await act('Restore')
  await page.getByRole('dialog', { name: 'Restore' }).getByText('1 user gets a new invitation').waitFor()
  await confirm(page, 'Restore')
  await page.getByRole('dialog', { name: 'User' }).getByText('Link expires').waitFor()
})

it('a note over its limit is refused at its field while it is typed, and the preview is the mail with its paragraphs', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  const note = page.getByLabel('Personal note')
  await note.fill('x\n'.repeat(41))
  await page.getByText('The note has 41 lines, but the limit is 40. Combine some of them.').waitFor()
  await checkAccess(page, 'a note that is too long')
  await note.fill('Welcome!\n\nSee you on Monday.')
  await page.getByText('The note has 41 lines').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Preview email' }).click()
  await page.getByRole('region', { name: 'Email preview' }).getByText('> Welcome!\n>\n> See you on Monday.').waitFor()
})
