import type { Page } from 'playwright-core'
import { afterEach, expect, it } from 'vitest'
import { checkAccess } from '../access'
import { ADMIN, newPage, portcullis, signIn } from '../browser'

// A story that fails while the server is away leaves it running for the next one.
afterEach(() => portcullis().start())

it('the server is away: the page keeps what it shows, says so, and recovers', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await page.getByText('1–10 of').waitFor()
  await portcullis().stop()
  await nextPageStays(page)
  await checkAccess(page, 'away')
  await portcullis().start()
  await page.getByText('The server is responding again.').waitFor()
  await page.getByText(/^11–/).waitFor()
})

/** The next page of the list does not come; what is shown stays, with what is said about it, also when nobody tries any more. */
async function nextPageStays(page: Page) {
  await page.getByRole('button', { name: 'Next page' }).click()
  await page
    .getByRole('alert')
    .getByText(/The server isn’t responding/)
    .waitFor()
  await firstPageStands(page)
}

async function firstPageStands(page: Page) {
  expect(await page.getByRole('row').count(), 'the rows stay').toBe(11)
  expect(await page.getByText(/^1–10 of/).count(), 'and are counted as what they are').toBe(1)
  expect(await page.getByRole('button', { name: 'Next page' }).isEnabled(), 'the next page is asked for once').toBe(
    false,
  )
}

it('a page that is opened while the server is away comes by itself when it is back', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await page.getByText('1–10 of').waitFor()
  await portcullis().stop()
  await page.getByRole('link', { name: 'Settings' }).click()
  await page
    .getByText(/The server isn’t responding/)
    .first()
    .waitFor()
  await portcullis().start()
  await page.getByLabel('Minimum length').waitFor()
})

it('a proxy says that the server is away: the page keeps what it shows, and what was typed', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await page.getByText('1–10 of').waitFor()
  const away = /\/api\/|\/readyz/
  await page.route(away, (route) => route.fulfill({ status: 502, contentType: 'text/html', body: 'Bad Gateway' }))
  await nextPageStays(page)
  await page.unroute(away)
  await page.getByText(/^11–/).waitFor()

  await page.getByRole('button', { name: 'Invite people' }).click()
  const [dialog, box] = [page.getByRole('dialog'), page.getByLabel('Email addresses')]
  await box.fill('one@away.example')
  await box.press('Enter')
  await dialog.getByText('1 ready').waitFor()
  await page.route(away, (route) => route.fulfill({ status: 502, contentType: 'text/html', body: 'Bad Gateway' }))
  await box.fill('two@away.example')
  await box.press('Enter')
  await dialog
    .getByRole('alert')
    .getByText(/The server isn’t responding/)
    .waitFor()
  await dialog.getByText('one@away.example').waitFor()
  await page.unroute(away)
  await dialog.getByText('2 ready').waitFor()
})

it('a server that is busy for a moment refuses with a way to try again, and is not called away', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await page.getByText('1–10 of').waitFor()
  const problem = { type: 'about:blank', title: 'Busy', status: 503, detail: 'Busy just now.', code: 'unavailable' }
  const list = /\/users\?/
  await page.route(list, (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  )
  await page.getByRole('button', { name: 'Next page' }).click()
  const alert = page.getByRole('alert').filter({ hasText: 'Busy just now.' })
  await alert.waitFor()
  await firstPageStands(page)
  expect(await page.getByText(/The server isn’t responding/).count()).toBe(0)
  await page.unroute(list)
  await alert.getByRole('button', { name: 'Try again' }).click()
  await page.getByText(/^11–/).waitFor()
})

it('an email link is not called dead while the server is away', async () => {
  const page = await newPage()
  for (const path of ['/setup/x', '/activate/x']) {
    await page.route(/\/api\/|\/readyz/, (route) => route.abort())
    await page.goto(path)
    await page
      .getByRole('alert')
      .getByText(/The server isn’t responding/)
      .waitFor()
    expect(await page.getByRole('heading', { level: 1 }).innerText()).not.toMatch(/link/)
    await checkAccess(page, `${path} while away`)
    await page.unrouteAll()
    await page.getByRole('heading', { name: 'This link doesn’t work' }).waitFor()
  }
})

it('two people change the settings at once: both versions are shown', async () => {
  const [one, two] = [await newPage(), await newPage()]
  for (const page of [one, two]) {
    await signIn(page)
    await page.goto('/accounts/demo/settings')
    await page.getByRole('textbox', { name: 'Name', exact: true }).waitFor()
  }
  await one.getByRole('textbox', { name: 'Name', exact: true }).fill('Demo One')
  await one.getByRole('button', { name: 'Save changes' }).click()
  await one.getByText('Saved', { exact: true }).waitFor()
  await two.getByRole('textbox', { name: 'Name', exact: true }).fill('Demo Two')
  await two.getByRole('button', { name: 'Save changes' }).click()
  const dialog = two.getByRole('dialog', { name: 'This was changed in the meantime' })
  await dialog.getByRole('cell', { name: 'Demo One' }).waitFor()
  await dialog.getByRole('cell', { name: 'Demo Two' }).waitFor()
  await checkAccess(two, 'both versions')
  await dialog.getByRole('button', { name: 'Save my version' }).click()
  await two.getByText('Saved', { exact: true }).waitFor()
})

it('the session ends in the middle of a form: signing in again in place loses nothing', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/settings')
  await page.getByLabel('Minimum length').fill('16')
  await page.context().clearCookies()
  await page.getByRole('button', { name: 'Save changes' }).click()
  const dialog = page.getByRole('dialog', { name: 'Sign in again' })
  const password = dialog.getByRole('textbox', { name: /^Password/ })
  await password.fill('not-my-password')
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await dialog.getByRole('alert').waitFor()
  await checkAccess(page, 'sign in again')
  await password.fill(ADMIN.password)
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('dialog', { name: 'Review the impact' }).getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  expect(await page.getByLabel('Minimum length').inputValue()).toBe('16')
})

it('who is disabled lands on sign-in with the reason at the next click', async () => {
  const [admin, person] = [await newPage(), await newPage()]
  await signIn(admin)
  await signIn(person, { email: 'sam@demo.example', password: ADMIN.password })
  await person.goto('/accounts/demo/users')
  await person.getByRole('tab', { name: /Users/ }).waitFor()

  await admin.goto('/accounts/demo/users?q=sam%40demo')
  await admin.getByRole('link', { name: 'sam@demo.example' }).click()
  await admin.getByRole('button', { name: 'Actions' }).click()
  await admin.getByRole('menuitem', { name: 'Disable' }).click()
  const dialog = admin.getByRole('dialog', { name: 'Disable' })
  await dialog.getByText(/loses access immediately/).waitFor()
  await checkAccess(admin, 'disable dialog')
  await dialog.getByRole('button', { name: 'Disable' }).click()
  await admin.getByText('was disabled.').waitFor()

  await person.getByRole('tab', { name: /Inactive/ }).click()
  await person.waitForURL(/\/sign-in/)
  await person.getByRole('heading', { name: 'Sign in' }).waitFor()
  await person.getByText(/An admin ended your access/).waitFor()
  await checkAccess(person, 'signed out')
  await person.getByLabel('Language').selectOption('de')
  await person.getByText(/ein Admin Ihren Zugriff beendet hat/).waitFor()
})

it('a part of the console that the server has no more is loaded anew, but never over what was typed', async () => {
  const page = await newPage()
  await signIn(page)
  const help = /\/assets\/Help-/
  let loads = 0
  page.on('load', () => loads++)
  await page.route(help, (route) => route.fulfill({ status: 404 }))
  await page.goto('/accounts/demo/settings')
  const name = page.getByRole('textbox', { name: 'Name', exact: true })
  await name.fill('Not saved yet')
  await page.getByRole('heading', { name: 'Settings' }).click()
  await page.keyboard.press('?')
  await page.getByText('A new version of the console is available').waitFor()
  await checkAccess(page, 'new version')
  expect(await name.inputValue()).toBe('Not saved yet')
  expect(await page.getByText(/The server isn’t responding/).count()).toBe(0)
  expect(loads).toBe(1)

  await page.goto('/accounts/demo/roles')
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor()
  const again = page.waitForEvent('load')
  await page.keyboard.press('?')
  await again
  await page.unroute(help)
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
})
