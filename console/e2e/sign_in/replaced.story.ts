import { it } from 'vitest'
import { checkAccess } from '../access'
import { linkInNewestMail, newPage, signIn } from '../browser'

async function invite(email: string) {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  const box = page.getByLabel('Email addresses')
  await box.fill(email)
  await box.press('Enter')
  await page.getByRole('button', { name: 'Invite 1 person' }).click()
  await page.getByText('1 person invited').waitFor()
  return page
}

it('an invitation opened where somebody is signed in says who, and offers to sign out', async () => {
  const page = await invite('rosa@new.example')
  await page.goto(await linkInNewestMail(page, '/activate'))
  await page.getByText('You are signed in as ada@demo.example, but this invitation is for another address.').waitFor()
  await checkAccess(page, 'activation while somebody is signed in')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByText(/You are signed in as/).waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: /Welcome to/ }).waitFor()
})

it('whoever accepts it all the same is signed in as themselves afterwards', async () => {
  const page = await invite('otto@new.example')
  await page.goto(await linkInNewestMail(page, '/activate'))
  await page.getByText(/Accepting it here signs you out/).waitFor()
  await page.getByLabel('Your name').fill('Otto New')
  await page.getByRole('textbox', { name: /^Password/ }).fill('quiet-harbour-lantern-92')
  await page.getByRole('button', { name: 'Activate my account' }).click()
  await page.getByRole('heading', { name: 'Your accounts' }).waitFor()
  await page.goto('/profile')
  await page.getByText('otto@new.example').first().waitFor()
})
