import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { checkAccess } from '../access'
import { ADMIN, newPage, signIn } from '../browser'

it('a change shows whom it touches before it is made, and is refused at the field', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/settings')
  const characters = page.getByLabel('Minimum length')
  await characters.fill('5')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText(/from 10 to 128/).waitFor()
  await checkAccess(page, 'refused at the field')
  await characters.fill('14')
  await page.getByRole('button', { name: 'Save changes' }).click()
  const dialog = page.getByRole('dialog', { name: 'Review the impact' })
  await dialog.waitFor()
  await checkAccess(page, 'effects')
  await dialog.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
})

it('seats, session limits and lifetimes of links are saved and shown again, and the list says when the seats are gone', async () => {
  const page = await newPage()
  await signIn(page)
  const settings = '/accounts/demo/settings'
  const number = (label: string) => page.getByLabel(label, { exact: true })
  const spans = {
    'Idle timeout': ['12', 'hours'],
    'Maximum session length': ['14', 'days'],
    'Activation link': ['3', 'days'],
    'Password reset link': ['90', 'minutes'],
  }
  await page.goto(settings)
  await page.getByLabel('Keep sessions alive while a page is open').check()
  await number('Seat limit').fill('24')
  await page.getByLabel('Warn only').check()
  for (const [label, [amount = '', unit = '']] of Object.entries(spans)) {
    await page.getByLabel(`${label}: unit`).selectOption(unit)
    await number(label).fill(amount)
  }
  await saveWithEffects(page)
  await page.getByText('Saved', { exact: true }).waitFor()
  await page.reload()
  await expect.poll(() => number('Seat limit').inputValue()).toBe('24')
  expect(await page.getByLabel('Warn only').isChecked()).toBe(true)
  expect(await page.getByLabel('Keep sessions alive while a page is open').isChecked()).toBe(true)
  for (const [label, [amount, unit]] of Object.entries(spans)) {
    expect(await number(label).inputValue(), label).toBe(amount)
    expect(await page.getByLabel(`${label}: unit`).locator('option:checked').innerText(), label).toBe(unit)
  }
  await page.getByRole('link', { name: 'Users' }).click()
  await page.getByText('24 of 24 seats are in use.').waitFor()
  await checkAccess(page, 'seats are gone, soft')

  await page.goto(settings)
  await page.getByLabel('Block new invitations').check()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  await page.getByText('No seats left.').waitFor()
  await page.getByRole('link', { name: 'Users' }).click()
  await page.getByText('24 of 24 seats are in use. To invite more people').waitFor()

  await page.goto(settings)
  await number('Seat limit').fill('0')
  await page.getByRole('button', { name: 'Save changes' }).click()
  const effects = page.getByRole('dialog', { name: 'Review the impact' })
  await effects.getByText(/24 seats are taken, but the limit is 0/).waitFor()
  await effects.getByRole('button', { name: 'Cancel' }).click()
  await number('Seat limit').fill('')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Users' }).click()
  await page.getByText('1–10 of').waitFor()
  expect(await page.getByText(/24 seats/).count(), 'without a limit nothing is said').toBe(0)
})

it('an emptied number is refused at its field', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/settings')
  const [characters, activation] = ['Minimum length', 'Activation link'].map((label) =>
    page.getByLabel(label, { exact: label === 'Activation link' }),
  )
  const save = page.getByRole('button', { name: 'Save changes' })
  await characters?.fill('')
  await save.click()
  await characters?.and(page.locator(':focus:invalid')).waitFor()
  await characters?.fill('12')
  await activation?.fill('')
  await save.click()
  await activation?.and(page.locator(':focus:invalid')).waitFor()
  await activation?.fill('0')
  await save.click()
  await activation?.and(page.locator(':focus[aria-invalid="true"]')).waitFor()
  await page.getByText(/^Enter a value from /).waitFor()
  await checkAccess(page, 'a lifetime is refused')
})

it('unsaved changes are asked about', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/settings')
  await page.getByLabel('Minimum length').fill('20')
  await page.getByRole('link', { name: 'Roles' }).click()
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
  await dialog.waitFor()
  await checkAccess(page, 'leave without saving')
  await dialog.getByRole('button', { name: 'Stay on this page' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(page.url()).toContain('/settings')
  expect(await page.getByLabel('Minimum length').inputValue()).toBe('20')
})

it('the color of the account is everywhere as soon as it is saved', async () => {
  const [page, other] = [await newPage(), await newPage()]
  await signIn(page)
  await signIn(other, { email: 'alma@demo.example', password: ADMIN.password })
  await page.goto('/accounts/demo/users')
  const quiet = await colorOf(page)
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByLabel('Accent color', { exact: true }).fill('#0a7f3f')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Users' }).click()
  const green = await colorOf(page)
  expect(green).not.toBe(quiet)
  const [red = 0, strongest = 0, blue = 0] = green.match(/\d+/g)?.map(Number) ?? []
  expect(strongest, green).toBeGreaterThan(Math.max(red, blue))
  await checkAccess(page, 'in the color of the account')

  await other.goto('/accounts/demo/users')
  await expect.poll(() => colorOf(other)).toBe(green)
})

it('another name in addresses never says that there is nothing here', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/settings')
  await page.getByLabel('URL name').fill('demo-two')
  await page.evaluate(() => {
    const watch = () => {
      if (document.body.innerText.includes('Page not found')) document.title = 'lost'
      requestAnimationFrame(watch)
    }
    watch()
  })
  await saveWithEffects(page)
  await page.waitForURL('**/accounts/demo-two/settings')
  await page.getByText('Saved', { exact: true }).waitFor()
  expect(await page.title()).not.toBe('lost')
  await page.getByLabel('URL name').fill('demo')
  await saveWithEffects(page)
  await page.waitForURL('**/accounts/demo/settings')
})

async function saveWithEffects(page: Page) {
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByRole('dialog', { name: 'Review the impact' }).getByRole('button', { name: 'Save changes' }).click()
}

const colorOf = (page: Page) =>
  page.getByRole('button', { name: 'Invite people' }).evaluate((button) => getComputedStyle(button).backgroundColor)

it('a page that stands open says so, which keeps it signed in where the account chose that', async () => {
  const page = await newPage()
  await signIn(page)
  await page.clock.install()
  await page.goto('/accounts/demo/users')
  await page.getByText('1–10 of').waitFor()
  const told = page.waitForRequest((request) => request.headers()['portcullis-background'] !== undefined)
  await page.clock.fastForward('04:30')
  expect((await (await told).response())?.status()).toBe(200)
})
