import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { en } from '../../src/texts/en'
import { newPage, openUser, settled, signIn } from '../browser'

const isFocused = (page: Page, selector: string) =>
  page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)

/** What changes something. */
function changesOf(page: Page) {
  const sent: string[] = []
  const isDry = (url: string) => new URL(url).searchParams.get('dry_run') === 'true'
  page.on('request', (request) => {
    if (request.method() === 'PATCH' && !isDry(request.url())) sent.push(request.url())
  })
  return sent
}

it('a newer change of the same user takes the older way back away, and each works once', async () => {
  const page = await newPage()
  await signIn(page)
  const drawer = await openUser(page, 'bea')
  const name = drawer.getByLabel(en.users.column_name, { exact: true })
  const before = await name.inputValue()
  for (const next of ['Bea First', 'Bea Second']) {
    await name.fill(next)
    await drawer.getByRole('button', { name: en.common.save }).click()
    await drawer.getByRole('button', { name: en.common.save }).waitFor({ state: 'detached' })
  }
  const undo = page.getByRole('button', { name: en.common.undo })
  await expect.poll(() => undo.count()).toBe(1)
  const sent = changesOf(page)
  await undo.evaluate((button) => {
    for (let press = 0; press < 2; press += 1) (button as HTMLButtonElement).click()
  })
  await page.getByText(en.common.undone).waitFor()
  await expect.poll(() => name.inputValue()).toBe('Bea First')
  expect(sent.length, 'one request').toBe(1)
  expect(await page.getByText(/someone else/i).count()).toBe(0)
  await name.fill(before)
  await drawer.getByRole('button', { name: en.common.save }).click()
  await drawer.getByRole('button', { name: en.common.save }).waitFor({ state: 'detached' })
})

it('a second Enter in the list of systems takes no system that nobody chose', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  const dialog = page.getByRole('dialog', { name: en.invite.title })
  await dialog.getByText(en.invite.reach_some, { exact: true }).click()
  const picker = dialog
    .getByRole('combobox', { name: en.users.chooseSystems })
    .or(dialog.getByLabel(en.users.chooseSystems))
    .last()
  await picker.fill('p')
  await page.keyboard.press('Enter')
  const chosen = dialog.locator('.mantine-MultiSelect-pill')
  await expect.poll(() => chosen.count()).toBe(1)
  await page.keyboard.press('Enter')
  await settled(page)
  expect(await chosen.count()).toBe(1)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect.poll(() => chosen.count()).toBe(2)
})

it('two presses in one frame save a reviewed change once', async () => {
  const page = await newPage()
  await signIn(page)
  const drawer = await openUser(page, 'carl')
  const role = drawer.getByLabel(en.users.column_role)
  const before = await role.inputValue()
  await role.selectOption(before === 'content_viewer' ? 'builder' : 'content_viewer')
  await drawer.getByRole('button', { name: en.common.save }).click()
  const sent = changesOf(page)
  const confirm = page.getByRole('dialog', { name: en.user.changeTitle }).getByRole('button', { name: en.common.save })
  await confirm.evaluate((button) => {
    for (let press = 0; press < 2; press += 1) (button as HTMLButtonElement).click()
  })
  await page.getByText(en.common.saved, { exact: true }).waitFor()
  expect(sent.length).toBe(1)
  expect(await page.getByText(/someone else/i).count()).toBe(0)
})

it('whoever cancels the review of settings is at the button that opened it', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/settings')
  const field = page.getByLabel(en.settingWords['passwords/min_length'])
  await field.fill('16')
  const dialog = page.getByRole('dialog', { name: en.settings.effectsTitle })
  for (const leave of [
    () => page.keyboard.press('Escape'),
    () => dialog.getByRole('button', { name: en.common.cancel }).click(),
    () => page.keyboard.press('Enter'),
  ]) {
    await page.getByRole('button', { name: en.common.save }).focus()
    await page.keyboard.press('Enter')
    await dialog.waitFor()
    await expect.poll(() => dialog.evaluate((node) => node.contains(document.activeElement))).toBe(true)
    await leave()
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => isFocused(page, 'button[type=submit]')).toBe(true)
  }
})

it('the result of an invitation has the focus, and the form again afterwards', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  await page.getByLabel(en.invite.addresses).fill('focus@result.example')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Invite 1 person' }).focus()
  await page.keyboard.press('Enter')
  const result = page.getByRole('dialog', { name: en.invite.resultTitle })
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe(en.common.close)
  await result.getByRole('button', { name: en.invite.more }).click()
  await expect.poll(() => isFocused(page, 'input')).toBe(true)
})

it('whoever opens an entry of the log by a click is back at it after Escape', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/activity')
  const row = page.getByRole('row').nth(2)
  await row.locator('td').first().click()
  await page.getByRole('dialog', { name: en.activity.entry }).waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => row.evaluate((node) => node.contains(document.activeElement))).toBe(true)
})

it('Escape closes the navigation of a narrow page', async () => {
  const page = await newPage({ width: 390 })
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await page.getByRole('button', { name: en.shell.openMenu }).click()
  await page.getByRole('link', { name: en.roles.title }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: en.shell.openMenu }).waitFor()
  await expect.poll(() => isFocused(page, `[aria-label="${en.shell.openMenu}"]`)).toBe(true)
})

it('E on a user who may not be changed goes to why', async () => {
  const page = await newPage()
  await signIn(page, { email: 'sam@demo.example', password: 'try-portcullis' })
  const list = await page.request.get('/api/v1/accounts/demo/users?limit=50')
  const whole = await Promise.all(
    ((await list.json()).items as { id: string }[]).map(async ({ id }) =>
      (await page.request.get(`/api/v1/accounts/demo/users/${id}`)).json(),
    ),
  )
  const { id } = whole.find(({ can }) => !can.edit.allowed && can.edit.detail)
  await page.goto(`/accounts/demo/users?user=${id}&part=edit`)
  await expect.poll(() => isFocused(page, '[role=dialog] .mantine-Alert-root')).toBe(true)
})

it.each([1280, 390])('a long chip gives way, and its verdict and the way out stay whole, %i px wide', async (width) => {
  const page = await newPage({ width })
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  const long = `Somebody ${'with a very long name '.repeat(8)}<long@chips.example>`
  await page.getByLabel(en.invite.addresses).fill(`${long}\n`)
  await page.getByLabel(en.invite.addresses).evaluate((field) => (field as HTMLElement).blur())
  await page.getByText('long@chips.example').waitFor()
  await page.getByLabel(en.invite.addresses).fill(`nobody-${'x'.repeat(150)}`)
  await page.keyboard.press('Enter')
  await page.getByText(en.invite.verdict_invalid_email).waitFor()
  await settled(page)
  const cut = await page.evaluate(() => {
    const box = document.querySelector('.mantine-PillsInput-input')?.getBoundingClientRect()
    return [...document.querySelectorAll('.mantine-Pill-root')].flatMap((chip) => {
      const parts = [...chip.querySelectorAll('[class*=verdict], [class*=Pill-remove]')]
      const whole = [chip, ...parts].every((part) => {
        const { left, right } = part.getBoundingClientRect()
        return box && left >= box.left && right <= box.right
      })
      const address = chip.querySelector('[class*=address]')
      return whole && (address?.getBoundingClientRect().width ?? 0) > 60 ? [] : [chip.textContent]
    })
  })
  expect(cut).toEqual([])
  // Also for those who do not see it: the way out is a button, reached by Tab.
  const remove = page.getByRole('button', { name: /^Remove nobody-/ })
  await remove.focus()
  await page.keyboard.press('Enter')
  await remove.waitFor({ state: 'detached' })
})
