import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { checkAccess } from '../access'
import { linkInNewestMail, newPage, openUser, signIn } from '../browser'

/** Does one of the things that can be done with the user whose drawer stands open, after reading what it does. */
async function act(page: Page, name: string, words: RegExp) {
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name, exact: true }).click()
  const dialog = page.getByRole('dialog', { name, exact: true })
  await dialog.getByText(words).waitFor()
  await dialog.getByRole('button', { name, exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
}

it('an invitation is revoked: the row is gone, and its link is dead', async () => {
  const [page, guest] = [await newPage(), await newPage()]
  await signIn(page)
  const invited = await page.request.post('/api/v1/accounts/demo/users', {
    data: { emails: 'wanda@new.example', role_id: 'builder' },
  })
  expect(invited.ok()).toBe(true)
  await expect.poll(async () => (await page.request.get('/dev/mail')).text()).toContain('wanda@new.example')
  const link = await linkInNewestMail(page, '/activate')
  await guest.goto(link)
  await guest.getByText(/wanda@new\.example/).waitFor()

  await page.goto('/accounts/demo/users?tab=invitations')
  await page.getByRole('tab', { name: /^Invitations 5/ }).waitFor()
  await page.getByRole('link', { name: 'wanda@new.example' }).click()
  await act(page, 'Revoke invitation', /The invitation for wanda@new\.example is removed/)
  await page.getByText('Invitation for wanda@new.example revoked.').waitFor()
  await page.getByRole('tab', { name: /^Invitations 4/ }).waitFor()
  await page.getByRole('link', { name: 'wanda@new.example' }).waitFor({ state: 'detached' })
  await checkAccess(page, 'drawer of somebody who is gone')
  await guest.goto(link)
  await guest.getByRole('heading', { name: 'This link has been revoked' }).waitFor()
})

it('a link for a new password is mailed to somebody, and opens the page that takes one', async () => {
  const [page, tina] = [await newPage(), await newPage()]
  await signIn(page)
  await openUser(page, 'tina')
  await act(page, 'Send password reset email', /tina@demo\.example gets an email/)
  await page.getByText('Password reset email to Tina Translator is on its way.').waitFor()
  await tina.goto(await linkInNewestMail(page, '/reset-password'))
  await tina.getByRole('heading', { name: 'Choose a new password' }).waitFor()
  await tina.getByText('for tina@demo.example').waitFor()
})

it('somebody is enabled, deleted and restored, and each can be taken back', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?tab=inactive')
  await page.getByRole('tab', { name: /^Inactive 3/ }).waitFor()
  await page.getByRole('link', { name: 'priya@demo.example' }).click()
  const drawer = page.getByRole('dialog', { name: 'User' })
  await act(page, 'Enable', /Priya Sharma regains access/)
  await page.getByText('Priya Sharma was enabled.').waitFor()
  await page.getByRole('tab', { name: /^Inactive 2/ }).waitFor()
  await drawer.getByText('Active', { exact: true }).waitFor()

  await act(page, 'Delete', /Priya Sharma is deleted\. You can restore them for 30 days/)
  await page.getByText('Priya Sharma was deleted.', { exact: true }).waitFor()
  await drawer.getByText('Deleted', { exact: true }).first().waitFor()
  await page.goto('/accounts/demo/users?tab=deleted')
  await page.getByRole('tab', { name: /^Deleted 4/ }).waitFor()
  await page.getByRole('link', { name: 'priya@demo.example' }).click()
  await act(page, 'Restore', /Priya Sharma is restored to their previous status/)
  await page.getByText('Priya Sharma was restored.').waitFor()
  await drawer.getByText('Active', { exact: true }).waitFor()
  await page.getByRole('tab', { name: /^Deleted 3/ }).waitFor()

  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Undone').waitFor()
  await page.getByRole('tab', { name: /^Deleted 4/ }).waitFor()
})

it('who is deleted gets a mail: that is said before, and the undo says that it was sent', async () => {
  const page = await newPage()
  await signIn(page)
  await openUser(page, 'vera')
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete', exact: true })
  await dialog.getByText(/gets an email that their access has ended/).waitFor()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText(/Undone\. The email that access had ended was already sent/).waitFor()
})

it('another role sends mails, and so does its undo: both are said', async () => {
  const page = await newPage()
  await signIn(page)
  const drawer = await openUser(page, 'cora')
  await drawer.getByLabel('Role').selectOption('admin')
  await drawer.getByRole('button', { name: 'Save changes' }).click()
  const preview = page.getByRole('dialog', { name: 'Review the impact' })
  await preview.getByText(/gets an email about the new role/).waitFor()
  await preview.getByText('The other admins get an email about the new admin.').waitFor()
  await preview.getByRole('button', { name: 'Save changes' }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText(/Undone\. .*gets another email about the role/).waitFor()
})
