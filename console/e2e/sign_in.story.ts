import { expect, it } from 'vitest'
import { ADMIN, checkAccess, linkInNewestMail, newPage, signIn } from './browser'

it('a person signs in, e-mail first, and out again', async () => {
  const page = await newPage()
  await page.goto('/accounts/demo/users?tab=inactive')
  await page.getByLabel('E-mail').fill(ADMIN.email)
  await checkAccess(page, 'sign-in, address')
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: /^Password/ }).fill('wrong-password!')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  await checkAccess(page, 'sign-in, refused')
  await page.getByRole('textbox', { name: /^Password/ }).fill(ADMIN.password)
  await page.keyboard.press('Enter')
  await page.getByRole('tab', { name: /Inactive/, selected: true }).waitFor()

  await page.getByRole('button', { name: /Menu of/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByText('You are signed out.').waitFor()
})

it('a forgotten password is replaced by a mailed link, which works once', async () => {
  const page = await newPage()
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill('vera@demo.example')
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await page.getByRole('button', { name: 'Send the link' }).click()
  await page.getByRole('heading', { name: 'Look into your mailbox' }).waitFor()
  await checkAccess(page, 'link sent')

  const link = await linkInNewestMail(page, '/reset-password')
  await page.goto(link)
  const field = page.getByLabel(/^New password/)
  await field.fill('short')
  await checkAccess(page, 'reset')
  await field.fill('quiet-harbour-lantern-92')
  await page.getByRole('button', { name: 'Set the password' }).click()
  await page.getByText('Your password is changed.').waitFor()

  await page.goto(link)
  await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor()
  await checkAccess(page, 'dead link')
})

it('German is complete, the text direction can turn, and no text is missing', async () => {
  const page = await newPage({ locale: 'de' })
  await page.goto('/sign-in')
  await page.getByRole('heading', { name: 'Anmelden' }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('de')
  await page.getByLabel('Sprache').selectOption('en')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()

  await page.evaluate(() => localStorage.setItem('portcullis.language', '"en-XB"'))
  await page.reload()
  await page.locator('html[dir="rtl"]').waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
})

it('every public page has its own dark side', async () => {
  const page = await newPage({ scheme: 'dark' })
  for (const path of ['/sign-in', '/forgot-password', '/activate/pcl_nothing', '/reset-password/x', '/setup/x']) {
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await checkAccess(page, path)
  }
})

it('a page that does not exist says so', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/nowhere/users')
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
})
