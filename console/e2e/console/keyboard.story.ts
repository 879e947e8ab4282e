import { type Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { checkAccess } from '../access'
import { ADMIN, newPage, openUser, signIn } from '../browser'

/** Presses Tab until the wanted thing has the focus, as somebody without a mouse would. */
async function tabTo(page: Page, role: 'button' | 'textbox' | 'link' | 'tab' | 'combobox', name: string | RegExp) {
  const wanted = page.getByRole(role, { name }).and(page.locator(':focus'))
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab')
    if ((await wanted.count()) > 0) return
  }
  throw new Error(`Tab never comes to the ${role} ${name}`)
}

const focused = (page: Page) => page.locator(':focus')

/** The keys of a list move between rows, so they mean nothing before there are some. */
const personRow = (page: Page, place: number) => page.getByRole('link', { name: /@demo\.example/ }).nth(place)

/** Opens the dialog of an act from the drawer's menu. */
async function chooseAct(page: Page, name: string) {
  await tabTo(page, 'button', 'Actions')
  await page.keyboard.press('Enter')
  const act = page.getByRole('menuitem', { name })
  await act.waitFor()
  while (!(await act.and(page.locator(':focus')).count())) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  return page.getByRole('dialog', { name })
}

it('signing in', async () => {
  const page = await newPage()
  await page.goto('/sign-in')
  await page.getByLabel('Email').and(page.locator(':focus')).waitFor()
  await page.keyboard.type(ADMIN.email)
  await page.keyboard.press('Enter')
  await page
    .getByRole('textbox', { name: /^Password/ })
    .and(page.locator(':focus'))
    .waitFor()
  await page.keyboard.type(ADMIN.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Your accounts' }).waitFor()
  await page.keyboard.press('Tab')
  expect(await focused(page).innerText()).toBe('Skip to content')
})

it('inviting a pasted list; the focus returns to the button', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await page.getByText('1–10 of').waitFor()
  await tabTo(page, 'button', 'Invite people')
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'Email addresses' }).and(page.locator(':focus')).waitFor()
  await page.evaluate(() => navigator.clipboard.writeText('Kim <kim@keys.example>; lee@keys.example, nonsense'))
  await page.keyboard.press('Control+v')
  await page.getByText('2 ready, 1 with problems').waitFor()
  await tabTo(page, 'button', 'Invite 2 people')
  await page.keyboard.press('Enter')
  await page.getByText('2 people invited').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Invite people' }).and(page.locator(':focus')).waitFor()
})

it('finding a person and disabling them; the focus returns to the drawer, then to the list', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await page.getByText('1–10 of').waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('emeka')
  await page.getByText('1–1 of 1').waitFor()
  await personRow(page, 1).waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const drawer = page.getByRole('dialog', { name: 'User' })
  await drawer.getByRole('tab', { name: 'Profile' }).waitFor()
  const dialog = await chooseAct(page, 'Disable')
  await dialog.getByText(/loses access immediately/).waitFor()
  await tabTo(page, 'button', 'Disable')
  await page.keyboard.press('Enter')
  await page.getByText('was disabled.').waitFor()
  await dialog.waitFor({ state: 'detached' })
  await drawer.getByRole('button', { name: 'Actions' }).and(page.locator(':focus')).waitFor()
  // The row has left this list with its person, so the list itself has the focus.
  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })
  await page.locator('#content:focus').waitFor()
})

it('enabling somebody: the dialog has the focus from the start', async () => {
  const page = await newPage()
  await signIn(page)
  const { items } = await (await page.request.get('/api/v1/accounts/demo/users?status=inactive')).json()
  await page.goto(`/accounts/demo/users?tab=inactive&user=${items[0].id}`)
  const drawer = page.getByRole('dialog', { name: 'User' })
  await drawer.getByRole('tab', { name: 'Profile' }).waitFor()
  const dialog = await chooseAct(page, 'Enable')
  await dialog.locator(':focus').waitFor()
  await dialog.getByText(/regains? access/).waitFor()
  await tabTo(page, 'button', 'Enable')
  await page.keyboard.press('Enter')
  await page.getByText('was enabled.').waitFor()
  await drawer.getByRole('button', { name: 'Actions' }).and(page.locator(':focus')).waitFor()
})

it('a drawer gives the focus back to its row', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await personRow(page, 1).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  const row = await focused(page).innerText()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'User' }).getByRole('tab', { name: 'Access' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('link', { name: row }).and(page.locator(':focus')).waitFor()
})

it('a bulk action on rows chosen with x', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?role=translator&status=active')
  await personRow(page, 1).waitFor()
  for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key)
  await page.getByText('2 selected').waitFor()
  await tabTo(page, 'button', 'Disable')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Disable users' })
  await dialog.getByText(/2 users will lose access/).waitFor()
  await tabTo(page, 'button', 'Disable')
  await page.keyboard.press('Enter')
  await page.getByText('2 users disabled.').waitFor()
  await tabTo(page, 'button', 'Undo')
  await page.keyboard.press('Enter')
  await page.getByText('Undone').waitFor()
})

it('the palette goes to pages and people, and the help lists the keys', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await page.getByText('1–10 of').waitFor()
  const palette = page.getByRole('textbox', { name: 'Search and commands' })
  await page.keyboard.press('Control+k')
  await palette.waitFor()
  await checkAccess(page, 'palette')
  await page.keyboard.type('roles')
  await page
    .getByRole('button', { name: /^Roles/ })
    .and(page.locator('[data-action]'))
    .waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/roles/)
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor()

  await page.keyboard.press('Control+k')
  await palette.waitFor()
  await page.keyboard.type('emeka')
  await page.getByText('Emeka Okafor').first().waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/user=/)
  await page.getByRole('dialog', { name: 'User' }).getByText('Emeka Okafor').first().waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await checkAccess(page, 'help')
})

it('the palette opens from the first moment on', async () => {
  const page = await newPage()
  await signIn(page)
  await page.route(/Palette-.*\.js/, async (route) => {
    await new Promise((later) => setTimeout(later, 1_000))
    await route.continue()
  })
  await page.goto('/accounts/demo/users')
  await page.getByRole('button', { name: 'Search and commands' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('textbox', { name: 'Search and commands' }).waitFor()
})

it('Escape closes only what lies on top', async () => {
  const page = await newPage()
  await signIn(page)
  const drawer = await openUser(page, 'giulia')
  await drawer.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Disable' }).click()
  const dialog = page.getByRole('dialog', { name: 'Disable' })
  await dialog.getByText(/loses access immediately/).waitFor()
  await page.keyboard.press('?')
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('textbox', { name: 'Search and commands' })
  await palette.waitFor()
  expect(await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).count(), 'no help over a dialog').toBe(0)
  for (const [top, below] of [
    [palette, dialog],
    [dialog, drawer],
  ] as const) {
    await page.keyboard.press('Escape')
    await top.waitFor({ state: 'detached' })
    expect(await below.isVisible()).toBe(true)
  }
  await drawer.getByLabel('Name', { exact: true }).fill('Somebody Else')
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  for (const press of [1, 2]) {
    await page.keyboard.press('Escape')
    await question.waitFor()
    await page.keyboard.press('Escape')
    await question.waitFor({ state: 'detached' })
    expect(await drawer.isVisible(), `after ${press}`).toBe(true)
  }
})

it('on a telephone the closed navigation is out of reach, and the opened one is not', async () => {
  const page = await newPage({ width: 390 })
  await signIn(page)
  await page.goto('/accounts/demo/roles')
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor()
  const navigation = page.getByRole('navigation', { name: 'Main navigation', includeHidden: true })
  const inNavigation = navigation.locator(':focus').or(navigation.and(page.locator(':focus')))
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press('Tab')
    expect(await inNavigation.count(), `after ${presses + 1} presses`).toBe(0)
  }
  const open = page.getByRole('button', { name: 'Open navigation' })
  await open.focus()
  await page.keyboard.press('Enter')
  await inNavigation.waitFor()
  await tabTo(page, 'link', 'Activity log')
  await checkAccess(page, 'open navigation')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Activity log', level: 1 }).waitFor()
  await open.and(page.locator(':focus')).waitFor()
})
