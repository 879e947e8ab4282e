import { expect, it } from 'vitest'
import { checkAccess } from './access'
import { linkInNewestMail, newPage, signIn } from './browser'

it('addresses from a spreadsheet are pasted, judged, and the good ones invited; one of them activates', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await page.getByText('1–10 of').waitFor()
  await page.getByRole('button', { name: 'Invite people' }).click()
  const box = page.getByLabel('E-mail addresses')
  const good = Array.from({ length: 40 }, (_, index) => `Person ${index} <person${index}@new.example>`)
  const text = [...good, 'ada@demo.example', 'nonsense', 'person1@new.example'].join('\n')
  await page.evaluate((text) => navigator.clipboard.writeText(text), text)
  await box.press('Control+v')
  await page.getByText('40 can be invited, 3 cannot').waitFor()
  await page.getByText('Already a user').waitFor()
  await checkAccess(page, 'invite dialog')
  await page.getByRole('button', { name: 'Invite 40 people' }).click()
  await page.getByText('40 people are invited').waitFor()
  await checkAccess(page, 'invite result')
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()

  const guest = await newPage()
  await guest.goto(await linkInNewestMail(guest, '/activate'))
  await guest.getByRole('heading', { name: /Welcome to/ }).waitFor()
  await checkAccess(guest, 'activation')
  await guest.getByRole('textbox', { name: /^Password/ }).fill('quiet-harbour-lantern-92')
  await guest.getByRole('button', { name: 'Activate my account' }).click()
  await guest.getByRole('heading', { name: 'Your accounts' }).waitFor()
})

it('a list that is too long is said to be, and is taken out again', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  const [dialog, box] = [page.getByRole('dialog'), page.getByLabel('E-mail addresses')]
  const paste = async (text: string) => {
    await page.evaluate((text) => navigator.clipboard.writeText(text), text)
    await box.press('Control+v')
  }
  const tooMany = Array.from({ length: 10_001 }, (_, index) => `p${index}@long.example`).join('\n')
  await paste(tooMany)
  await dialog
    .getByRole('alert')
    .getByText(/more than 10000 addresses/)
    .waitFor()
  await dialog.getByText('10,001 lines, not looked at').waitFor()
  await checkAccess(page, 'too many addresses')
  await dialog.getByRole('button', { name: 'Clear' }).click()
  await box.and(page.locator(':focus')).waitFor()
  await paste('one@long.example two@long.example')
  await dialog.getByText('2 can be invited').waitFor()
  await paste(tooMany)
  await dialog.getByText('10,002 lines, not looked at').waitFor()
  await dialog.getByText('one@long.example').waitFor()
  await dialog.getByRole('button', { name: 'Take out what was added last' }).click()
  await dialog.getByText('2 can be invited').waitFor()
  await dialog.getByRole('button', { name: 'Invite 2 people' }).click()
  await page.getByText('2 people are invited').waitFor()
})

it('what was typed survives closing the dialog', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  await page.getByLabel('E-mail addresses').fill('later@new.example')
  await page.keyboard.press('Enter')
  await page.getByText('1 can be invited').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Invite people' }).click()
  await page.getByRole('dialog').getByText('later@new.example').waitFor()
})

it('the mail is looked at before it is sent, with the note that is being typed', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  await page.getByRole('button', { name: 'See the mail' }).click()
  const mail = page.getByRole('region', { name: 'The mail as somebody new gets it' })
  await mail
    .getByText(/Demo Company/)
    .first()
    .waitFor()
  await page.getByLabel('Personal note').fill('We begin on Monday.')
  await mail.getByText(/We begin on Monday\./).waitFor()
  await checkAccess(page, 'mail before it is sent')
  await page.getByRole('button', { name: 'Hide the mail' }).click()
  await mail.waitFor({ state: 'detached' })
})

it('whoever joins with a German browser stays German, there and everywhere', async () => {
  const [page, guest, elsewhere] = [await newPage(), await newPage({ locale: 'de' }), await newPage()]
  const gerda = { email: 'gerda@new.example', password: 'quiet-harbour-lantern-92' }
  await signIn(page)
  const answer = await page.request.post('/api/v1/accounts/demo/users', {
    data: { emails: gerda.email, role_id: 'builder' },
  })
  expect(answer.ok()).toBe(true)
  await expect.poll(async () => (await page.request.get('/dev/mail')).text()).toContain(gerda.email)
  await guest.goto(await linkInNewestMail(guest, '/activate'))
  await guest.getByLabel('Ihr Name').fill('Gerda Neu')
  await guest.getByRole('textbox', { name: /^Passwort/ }).fill(gerda.password)
  await guest.getByRole('button', { name: 'Mein Konto aktivieren' }).click()
  await guest.getByRole('heading', { name: 'Ihre Konten' }).waitFor()

  await signIn(elsewhere, gerda)
  await elsewhere.goto('/')
  await elsewhere.getByRole('heading', { name: 'Ihre Konten' }).waitFor()
})
