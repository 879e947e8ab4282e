import { expect, it } from 'vitest'
import { checkAccess } from '../access'
import { ADMIN, checkUserName, linkInNewestMail, newPage, settled } from '../browser'

it('a person signs in, e-mail first, comes to where they wanted, and signs out', async () => {
  const page = await newPage()
  await page.goto('/accounts/demo/users?tab=inactive')
  await page.getByLabel('Email').fill(ADMIN.email)
  await checkAccess(page, 'sign-in, address')
  await page.getByRole('button', { name: 'Next' }).click()
  const password = page.getByRole('textbox', { name: /^Password/ })
  await password.fill('wrong-password!')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
  expect(await password.inputValue(), 'a refused password is not kept').toBe('')
  await checkAccess(page, 'sign-in, refused')
  await password.fill(ADMIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('tab', { name: /Inactive/, selected: true }).waitFor()

  await page.getByRole('button', { name: /Menu of/ }).click()
  await checkAccess(page, 'menu of the person')
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByText('You are signed out.').waitFor()
  await page.goto('/accounts/demo/users')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})

it('what a browser fills in without telling the page is sent', async () => {
  const page = await newPage()
  await page.goto('/sign-in')
  await page.getByRole('group', { name: 'Demo users' }).waitFor()
  const fillIn = (name: RegExp, value: string) =>
    page.getByRole('textbox', { name }).evaluate((field, text) => {
      // Past React, which watches what the page itself sets.
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text)
    }, value)
  await fillIn(/^Email/, ADMIN.email)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('textbox', { name: /^Password/ }).waitFor()
  await fillIn(/^Password/, ADMIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
})

it('in development mode one click is enough to look around as somebody', async () => {
  const page = await newPage()
  await page.goto('/accounts/demo/roles')
  const people = page.getByRole('group', { name: 'Demo users' })
  await people.getByRole('button', { name: 'Admin', exact: true }).waitFor()
  await checkAccess(page, 'people to sign in as')
  await people.getByRole('button', { name: 'Admin', exact: true }).click()
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor()
  await page.getByRole('button', { name: 'Menu of Ada Admin' }).waitFor()
})

it('a forgotten password is replaced by an email link, which works once', async () => {
  const page = await newPage()
  await page.goto('/sign-in')
  await page.getByLabel('Email').fill('vera@demo.example')
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await checkAccess(page, 'forgotten password')
  await page.getByRole('button', { name: 'Send link' }).click()
  await page.getByRole('heading', { name: 'Check your email' }).waitFor()
  await checkAccess(page, 'link sent')

  const link = await linkInNewestMail(page, '/reset-password')
  await page.goto(link)
  const field = page.getByRole('textbox', { name: /^New password/ })
  await field.fill('short')
  await checkUserName(page, 'vera@demo.example', field)
  await checkAccess(page, 'reset')
  await page.getByRole('button', { name: 'Set password' }).click()
  await page.locator('[aria-invalid="true"]').first().waitFor()
  await field.fill('quiet-harbour-lantern-92')
  await page.getByRole('button', { name: 'Set password' }).click()
  await page.getByText('Your password has been changed.').waitFor()

  await page.goto(link)
  await page.getByRole('heading', { name: 'This link has already been used' }).waitFor()
})

it('a link that does not work says what to do next and reveals nothing', async () => {
  const page = await newPage()
  for (const path of ['/activate/pcl_nothing', '/reset-password/x', '/setup/x']) {
    await page.goto(path)
    await page.getByRole('heading', { name: 'This link doesn’t work' }).waitFor()
    await checkAccess(page, path)
  }
})

it('an address that does not exist says so', async () => {
  const page = await newPage()
  await page.goto('/nowhere')
  await page.getByRole('heading', { name: 'Page not found' }).waitFor()
  await settled(page)
  await checkAccess(page, 'not found')
})
