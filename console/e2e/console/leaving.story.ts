import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { checkAccess } from '../access'
import { ADMIN, newPage, signIn } from '../browser'

it('whoever signs out is asked about what is not saved, and leaves nothing behind', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  await page.getByLabel('Email addresses').fill('left-behind@new.example')
  await page.keyboard.press('Enter')
  await page.getByText('1 ready').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Settings' }).click()
  const name = page.getByRole('textbox', { name: 'Name', exact: true })
  await name.fill('Not saved')

  const signOut = async () => {
    await page.getByRole('button', { name: /Ada/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
  }
  await signOut()
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  await question.waitFor()
  await checkAccess(page, 'sign out with something unsaved')
  await question.getByRole('button', { name: 'Stay on this page' }).click()
  expect(await name.inputValue()).toBe('Not saved')
  expect((await page.request.get('/api/v1/me')).status(), 'still signed in').toBe(200)
  await signOut()
  await question.getByRole('button', { name: 'Sign out' }).click()
  await page.getByText('You are signed out.').waitFor()

  await page.getByLabel('Email').fill('alma@demo.example')
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: /^Password/ }).fill(ADMIN.password)
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: /Demo/ }).click()
  await page.getByRole('button', { name: 'Invite people' }).click()
  await page.getByRole('dialog').getByLabel('Email addresses').waitFor()
  expect(await page.getByText('left-behind').count()).toBe(0)
})

it('whose session has ended already signs out without a password', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/')
  await page.getByRole('button', { name: /Ada/ }).waitFor()
  await page.context().clearCookies()
  await page.getByRole('button', { name: /Ada/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByText('You are signed out.').waitFor()
})

it('a session that ends while people are chosen is renewed in place, and they stay chosen', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?status=active')
  await page.getByText(/^1–10 of/).waitFor()
  await page.getByLabel('Select this page').check()
  const chosen = page.getByRole('region', { name: 'Selected users' }).getByRole('status')
  await chosen.getByText('10 selected').waitFor()
  await page.context().clearCookies()
  await comeBack(page)
  const dialog = page.getByRole('dialog', { name: 'Sign in again' })
  await dialog.getByRole('textbox', { name: /^Password/ }).fill(ADMIN.password)
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(await chosen.innerText()).toBe('10 selected')
})

it('one of all is unticked: those of the page stay ticked', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await page.getByText(/^1–10 of/).waitFor()
  await page.getByLabel('Select this page').check()
  await page.getByRole('button', { name: /^Select all / }).click()
  await page.getByRole('row').nth(2).getByRole('checkbox').uncheck()
  const chosen = page.getByRole('region', { name: 'Selected users' }).getByRole('status')
  await expect.poll(() => chosen.innerText()).toBe('9 selected')
})

it('a last page that was emptied leads to the first', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await page.getByText(/^1–10 of/).waitFor()
  const next = page.getByRole('button', { name: 'Next page' })
  for (const first of [11, 21, 31]) {
    if (!(await next.isEnabled())) break
    await next.click()
    await page.getByText(new RegExp(`^${first}–`)).waitFor()
  }
  const ids = await page.locator('[data-row]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-row')))
  const answer = await page.request.post('/api/v1/accounts/demo/users/bulk', { data: { action: 'delete', ids } })
  expect(answer.ok(), 'they are deleted elsewhere').toBe(true)
  await comeBack(page)
  await page.getByText(/^1–10 of/).waitFor()
})

/** Comes back to the window after a minute: what it shows is asked for again. */
async function comeBack(page: Page) {
  await page.clock.setFixedTime(Date.now() + 60_000)
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')))
}

// Else a press on an item that begins before the page has scrolled ends on another one, and does nothing.
it('the menus of the navigation stay at their buttons when the page is scrolled', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/profile')
  for (const name of [/Menu of/, /Switch account/]) {
    await page.getByRole('button', { name }).click()
    const menu = page.getByRole('menu')
    await menu.waitFor()
    const moved = await menu.evaluate((menu) => {
      const top = menu.getBoundingClientRect().top
      window.scrollBy(0, 150)
      const { scrollY } = window
      const by = menu.getBoundingClientRect().top - top
      window.scrollTo(0, 0)
      return { scrollY, by }
    })
    expect(moved).toEqual({ scrollY: 150, by: 0 })
    await page.keyboard.press('Escape')
    await menu.waitFor({ state: 'detached' })
  }
})
