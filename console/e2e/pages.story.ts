import { expect, it } from 'vitest'
import { checkAccess, newPage, signIn } from './browser'

const PAGES = [
  '/',
  '/profile',
  '/accounts/demo/users',
  '/accounts/demo/roles',
  '/accounts/demo/roles?role=builder',
  '/accounts/demo/settings',
  '/accounts/demo/activity',
]

for (const scheme of ['light', 'dark'] as const) {
  it(`every page passes axe and fits, in ${scheme}`, async () => {
    for (const width of [1280, 390]) {
      const page = await newPage({ scheme, width })
      await signIn(page)
      for (const path of PAGES) {
        await page.goto(path)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.waitForLoadState('networkidle')
        await checkAccess(page, `${path} at ${width} in ${scheme}`)
        const fits = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)
        expect(fits, `${path} does not scroll sideways at ${width}`).toBe(true)
      }
    }
  }, 180_000)
}

it('settings show whom a change touches before it is made, and refuse at the field', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/settings')
  await page.getByLabel('Characters, at least').fill('5')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText(/outside 10 to 128/).waitFor()
  await page.getByLabel('Characters, at least').fill('14')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByRole('dialog', { name: 'This touches people' }).waitFor()
  await checkAccess(page, 'effects')
  await page.getByRole('dialog').getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved').waitFor()
})

it('two people change the settings at once: both versions are shown', async () => {
  const [one, two] = [await newPage(), await newPage()]
  for (const page of [one, two]) {
    await signIn(page)
    await page.goto('/accounts/demo/settings')
    await page.getByLabel(/^Name \*|^Name$/).waitFor()
  }
  await one.getByLabel(/^Name \*|^Name$/).fill('Demo One')
  await one.getByRole('button', { name: 'Save changes' }).click()
  await one.getByText('Saved').waitFor()
  await two.getByLabel(/^Name \*|^Name$/).fill('Demo Two')
  await two.getByRole('button', { name: 'Save changes' }).click()
  const dialog = two.getByRole('dialog', { name: 'Somebody else changed this meanwhile' })
  await dialog.getByRole('cell', { name: 'Demo One' }).waitFor()
  await checkAccess(two, 'both versions')
  await dialog.getByRole('button', { name: 'Save mine' }).click()
  await two.getByText('Saved').waitFor()
})

it('unsaved changes are asked about', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/settings')
  await page.getByLabel('Characters, at least').fill('20')
  await page.getByRole('link', { name: 'Roles' }).click()
  await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor()
  await page.getByRole('button', { name: 'Stay here' }).click()
  expect(page.url()).toContain('/settings')
})

it('the palette goes to pages and people by the keyboard', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await page.getByText('1–10 of').waitFor()
  await page.keyboard.press('Control+k')
  await page.getByLabel('Search and commands').last().waitFor()
  await checkAccess(page, 'palette')
  await page.keyboard.type('roles')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/roles/)
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await checkAccess(page, 'help')
})

it('the session ends in the middle of a form: signing in again in place loses nothing', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/settings')
  await page.getByLabel('Characters, at least').fill('16')
  await page.context().clearCookies()
  await page.getByRole('button', { name: 'Save changes' }).click()
  const dialog = page.getByRole('dialog', { name: 'Sign in again' })
  await dialog.getByRole('textbox', { name: /^Password/ }).fill('try-portcullis')
  await checkAccess(page, 'sign in again')
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('dialog', { name: 'This touches people' }).getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved').waitFor()
})

it('the server is away: the page keeps what it shows, says so, and recovers', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await page.getByText('1–10 of').waitFor()
  await page.route('**/api/**', (route) => route.abort())
  await page.route('**/readyz', (route) => route.abort())
  await page.getByRole('button', { name: 'Next page' }).click()
  await page.getByText('The server does not answer.').first().waitFor()
  expect(await page.locator('[data-row]').count()).toBe(10)
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Try now' }).click()
  await page.getByText('The server is back.').waitFor()
  await page.getByText(/^11–/).waitFor()
})
