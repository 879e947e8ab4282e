import { expect, it } from 'vitest'
import { checkAccess } from '../access'
import { newPage, ownServer, signIn } from '../browser'
import { mailServer } from '../mailServer'

it('whoever invited somebody sees whether the mail arrived, and why not', async () => {
  const port = await mailServer('gone@new.example')
  const { base } = await ownServer(() => ({
    PORTCULLIS__MAIL__SMTP__HOST: '127.0.0.1',
    PORTCULLIS__MAIL__SMTP__PORT: String(port),
    PORTCULLIS__MAIL__SMTP__ENCRYPTION: 'none',
    PORTCULLIS__MAIL__SMTP__FROM: 'Portcullis <no-reply@demo.example>',
  }))
  const page = await newPage({ base })
  await signIn(page)
  const invited = await page.request.post('/api/v1/accounts/demo/users', {
    data: { emails: 'gone@new.example, here@new.example', role_id: 'builder' },
  })
  expect(invited.ok()).toBe(true)
  await page.goto('/accounts/demo/users?tab=invitations&q=new.example')
  const drawer = page.getByRole('dialog', { name: 'User' })
  await page.getByRole('link', { name: 'gone@new.example' }).click()
  await drawer.getByText('Couldn’t be delivered').waitFor()
  await drawer.getByText(/no such user/).waitFor()
  await checkAccess(page, 'a mail that did not arrive')
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'here@new.example' }).click()
  await drawer.getByText('Accepted by the mail server').waitFor()
})
