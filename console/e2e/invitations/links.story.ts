import { expect, it } from 'vitest'
import { checkAccess } from '../access'
import { linkInNewestMail, newPage, resetLink, settled, signIn } from '../browser'

const EMAIL = 'nora@new.example'

it('a link that was replaced says so, and its holder gets a new one', async () => {
  const [page, guest] = [await newPage(), await newPage()]
  await signIn(page)
  const invited = await page.request.post('/api/v1/accounts/demo/users', {
    data: { emails: EMAIL, role_id: 'builder' },
  })
  const id = (await invited.json()).items[0].user_id as string
  const old = await newLink(page, '')
  const again = await page.request.post(`/api/v1/accounts/demo/users/${id}/resend`, { data: {} })
  expect(again.ok()).toBe(true)
  const second = await newLink(page, old)

  await guest.goto(old)
  await guest.getByRole('heading', { name: 'This link has been replaced' }).waitFor()
  await checkAccess(guest, 'a link that was replaced')
  await guest.getByRole('button', { name: 'Send me a new link' }).click()
  await guest.getByRole('heading', { name: 'Check your email' }).waitFor()
  await settled(guest)
  await checkAccess(guest, 'a new link was asked for')

  // Nobody who finds an old link ends the one that works.
  const third = await newLink(page, second)
  for (const link of [second, third]) {
    await guest.goto(link)
    await guest.getByRole('textbox', { name: 'Your name' }).waitFor()
  }
  await guest.getByRole('textbox', { name: 'Your name' }).fill('Nora New')
  await guest.getByRole('textbox', { name: /^Password/ }).fill('quiet-harbour-lantern-92')
  await guest.getByRole('button', { name: 'Activate my account' }).click()
  await guest.waitForURL((url) => !url.pathname.startsWith('/activate'))
  await guest.goto(second)
  await guest.getByRole('heading', { name: 'This link has already been used' }).waitFor()
  expect(await guest.getByRole('button', { name: 'Send me a new link' }).count()).toBe(0)
  await guest.getByRole('link', { name: 'Back to sign-in' }).waitFor()
})

it('a link to a new password that was used says so in German, and can be followed by another', async () => {
  const page = await newPage({ locale: 'de' })
  const link = await resetLink(page, 'tina@demo.example')
  await page.goto(link)
  await page.getByRole('textbox', { name: /^Neues Passwort/ }).fill('quiet-harbour-lantern-92')
  await page.getByRole('button', { name: 'Passwort festlegen' }).click()
  await page.getByText('Ihr Passwort wurde geändert.').waitFor()
  await page.goto(link)
  await page.getByRole('heading', { name: 'Dieser Link wurde bereits verwendet' }).waitFor()
  await page.getByRole('button', { name: 'Neuen Link senden' }).click()
  await page.getByText(/Wenn dieser Link ersetzt werden kann/).waitFor()
})

it('a link that nobody knows leads to the form that asks for the address', async () => {
  const page = await newPage()
  await page.goto('/activate/pcl_nothing')
  await page.getByText(/copied the whole link/).waitFor()
  await page.getByRole('link', { name: 'Enter email address' }).click()
  await page.getByRole('button', { name: 'Send link' }).waitFor()
})

/** The link to an invitation in the newest mail, once it is another one than this. */
const newLink = (page: Awaited<ReturnType<typeof newPage>>, before: string) =>
  expect
    .poll(() => linkInNewestMail(page, '/activate'), { timeout: 10_000 })
    .not.toBe(before)
    .then(() => linkInNewestMail(page, '/activate'))
