import { expect, it } from 'vitest'
import { checkAccess } from '../access'
import { ADMIN, checkUserName, newPage, settled, signIn } from '../browser'

const PAUL = { email: 'paul@demo.example', password: ADMIN.password }

it('a person changes name and language, and sees where they are signed in', async () => {
  const [page, elsewhere] = [await newPage(), await newPage()]
  await signIn(page, PAUL)
  await signIn(elsewhere, PAUL)
  await page.goto('/profile')
  await page.getByText('This device').waitFor()
  await page.getByLabel('Your name').fill('Paula Publisher')
  await page.getByLabel('Language').last().selectOption('de')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByRole('heading', { name: 'Ihr Profil' }).waitFor()
  await page.locator('html[lang="de"]').waitFor()
  await page.reload()
  await expect.poll(() => page.getByLabel('Ihr Name').inputValue()).toBe('Paula Publisher')
  await page.getByRole('button', { name: /^Abmelden: Chrom/ }).waitFor()
  await checkAccess(page, 'profile, German')
})

it('another browser is signed out, then all of them', async () => {
  const [page, elsewhere] = [await newPage(), await newPage()]
  const fatima = { email: 'fatima@demo.example', password: ADMIN.password }
  await signIn(page, fatima)
  await signIn(elsewhere, fatima)
  await page.goto('/profile')
  await page
    .getByRole('button', { name: /^Sign out: / })
    .first()
    .click()
  await page.getByText('Session signed out.').waitFor()
  await elsewhere.goto('/profile')
  await elsewhere.getByRole('heading', { name: 'Sign in' }).waitFor()

  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  const dialog = page.getByRole('dialog', { name: 'Sign out everywhere' })
  await dialog.waitFor()
  await checkAccess(page, 'sign out everywhere')
  await dialog.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.getByText('You are signed out everywhere.').waitFor()
})

it('a wrong present password is refused at its field; the right one changes it', async () => {
  const page = await newPage()
  await signIn(page, { email: 'hiro@demo.example', password: ADMIN.password })
  await page.goto('/profile')
  const present = page.getByRole('textbox', { name: /^Current password/ })
  await checkUserName(page, 'hiro@demo.example', page.getByRole('textbox', { name: /^New password/ }))
  await present.fill('not-this-one')
  await page.getByRole('textbox', { name: /^New password/ }).fill('quiet-harbour-lantern-92')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.locator('[aria-invalid="true"]').waitFor()
  await present.fill(ADMIN.password)
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('Password changed.').waitFor()
  await signIn(await newPage(), { email: 'hiro@demo.example', password: 'quiet-harbour-lantern-92' })
})

it('the accounts of a person lead to the first page they may use', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/')
  await page.getByRole('link', { name: /Demo Company/ }).click()
  await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor()
})

it('light or dark is chosen in the menu of the person, and kept', async () => {
  const page = await newPage({ scheme: 'light' })
  const [dark, light] = ['dark', 'light'].map((scheme) => page.locator(`html[data-mantine-color-scheme="${scheme}"]`))
  await signIn(page)
  await page.goto('/accounts/demo/roles')
  await light?.waitFor()
  const appear = async (name: string) => {
    await page.getByRole('button', { name: /Menu of/ }).click()
    await page.getByRole('menuitemradio', { name }).click()
  }
  await appear('Dark')
  await dark?.waitFor()
  await page.goto('/profile')
  await settled(page)
  await dark?.waitFor()
  await appear('System')
  await light?.waitFor()
  await page.reload()
  await settled(page)
  await light?.waitFor()
})

it('whoever steers by voice switches the keys of a single sign off, and they stay off', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  const [help, search] = [
    page.getByRole('dialog', { name: 'Keyboard shortcuts' }),
    page.getByLabel('Search by name or email'),
  ]
  const keys = help.getByRole('switch', { name: 'Single-key shortcuts' })
  const openHelp = async () => {
    await page.getByText('1–10 of').waitFor()
    await page.getByRole('button', { name: /Menu of/ }).click()
    await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).click()
    await keys.waitFor()
  }
  const closeHelp = async () => {
    await page.keyboard.press('Escape')
    await help.waitFor({ state: 'detached' })
  }
  await openHelp()
  await keys.uncheck()
  await checkAccess(page, 'keys switched off')
  await closeHelp()
  await page.keyboard.press('/')
  expect(await search.and(page.locator(':focus')).count(), 'the slash does nothing').toBe(0)
  await page.keyboard.press('?')
  await page.keyboard.press('Control+k')
  await page.getByRole('textbox', { name: 'Search and commands' }).waitFor()
  expect(await help.count(), 'the question mark does nothing').toBe(0)

  await page.reload()
  await openHelp()
  expect(await keys.isChecked(), 'still off').toBe(false)
  await keys.check()
  await closeHelp()
  await page.keyboard.press('/')
  await search.and(page.locator(':focus')).waitFor()
})
