import type { Locator, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { checkAccess, checkFits, checkWords } from '../access'
import { freshServer, linkInNewestMail, newPage, openUser, resetLink, settled, signIn } from '../browser'

const PAGES = [
  '/',
  '/profile',
  ...['users', 'roles', 'activity', 'insights', 'settings'].map((page) => `/accounts/demo/${page}`),
]

/** The pages of somebody who is not signed in. */
async function publicPages(page: Page) {
  const links = [await linkInNewestMail(page, '/activate'), await resetLink(page, 'vera@demo.example')]
  return ['/sign-in', '/forgot-password', '/activate/x', ...links]
}

for (const width of [1280, 390]) {
  it(`every page passes axe in light and dark and fits ${width} pixels`, async () => {
    const page = await newPage({ width })
    await signIn(page)
    for (const path of PAGES) {
      await page.goto(path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await checkAccess(page, `${path} at ${width}`)
      await checkFits(page, `${path} at ${width}`)
      await checkWords(page, `${path} at ${width}`)
    }
  })
}

it('every page before the sign-in passes axe in light and dark and fits 390 pixels', async () => {
  const [page, fresh] = [await newPage({ width: 390 }), await freshServer()]
  const check = async (page: Page, path: string) => {
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await checkAccess(page, `${path} at 390`)
    await checkFits(page, `${path} at 390`)
  }
  for (const path of await publicPages(page)) await check(page, path)
  await check(await newPage({ width: 390, base: fresh.base }), fresh.link)
})

it('every dialog passes axe in light and dark and fits 390 pixels', async () => {
  const page = await newPage({ width: 390 })
  await signIn(page)
  const check = async (name: string) => {
    await page.getByRole('dialog', { name }).waitFor()
    await checkAccess(page, `${name} at 390`)
    await checkFits(page, `${name} at 390`)
  }
  await page.goto('/accounts/demo/users?invite=true')
  await page.getByLabel('Email addresses').fill('Ana Lopez <ana@new.example>; bob@new.example, nonsense')
  await page.keyboard.press('Enter')
  await page.getByText('2 ready, 1 with problems').waitFor()
  await check('Invite people')

  await page.goto('/accounts/demo/users?status=active&role=builder')
  await page.getByLabel('Select this page').check()
  await page.getByRole('button', { name: 'Disable' }).click()
  await page.getByText(/access immediately/).waitFor()
  await check('Disable users')

  await openUser(page, 'bea')
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByText(/restore them for 30 days/).waitFor()
  await check('Delete')

  await page.goto('/profile')
  await page.getByLabel('Your name').fill('Ada Here')
  await page.request.patch('/api/v1/me', { data: { name: 'Ada Elsewhere' } })
  await page.getByRole('button', { name: 'Save changes' }).click()
  await check('This was changed in the meantime')
  await page.context().clearCookies()
  await page.getByRole('button', { name: 'Save my version' }).click()
  await check('Sign in again')
})

it('from right to left every page is whole and no text is left untranslated', async () => {
  const page = await newPage()
  await page.addInitScript(() => localStorage.setItem('portcullis.language', '"en-XB"'))
  const check = async (path: string) => {
    await page.goto(path)
    await page.locator('html[dir="rtl"]').waitFor()
    await page.getByRole('heading', { level: 1, name: /^⟦/ }).waitFor()
    await checkFits(page, `${path} from right to left`)
  }
  for (const path of await publicPages(page)) await check(path)
  await signIn(page)
  for (const path of PAGES) await check(path)
  await page.goto('/accounts/demo/users')
  const range = page.getByRole('status').getByText('1–10', { exact: true })
  const [one, ten] = await Promise.all(['1', '10'].map((number) => placeOf(range, number)))
  expect(one, '1–10 is written with the 1 on the left').toBeLessThan(ten ?? 0)
  await page.goto('/accounts/demo/users?q=alma')
  await page.getByRole('link', { name: /alma@/ }).click()
  await page.getByRole('dialog').getByRole('tab').first().waitFor()
  await checkAccess(page, 'drawer from right to left')
})

/** How far to the right a piece of a text stands. */
const placeOf = (text: Locator, piece: string) =>
  text.evaluate((element, piece) => {
    const nodes = [...element.childNodes].filter(({ textContent }) => textContent === piece)
    const range = document.createRange()
    range.selectNode(nodes[0] ?? element)
    return range.getBoundingClientRect().left
  }, piece)

it('German is chosen by the browser or by the person, for dates too', async () => {
  const page = await newPage({ locale: 'de' })
  await page.goto('/sign-in')
  await page.getByRole('heading', { name: 'Anmelden' }).waitFor()
  await page.locator('html[lang="de"]').waitFor()
  await page.getByLabel('Sprache').selectOption('en')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()

  await signIn(page)
  const speak = (locale: string) => page.request.patch('/api/v1/me', { data: { locale }, headers: { 'If-Match': '*' } })
  await speak('de')
  await page.goto('/accounts/demo/activity')
  await page.getByRole('heading', { name: 'Aktivitätsprotokoll' }).waitFor()
  await expect.poll(() => page.locator('time').first().innerText()).toMatch(/^\d+\. \p{L}+/u)
  await page.getByRole('link', { name: 'Angemeldet' }).first().waitFor()
  await speak('en')
})

it('who wants no motion gets none', async () => {
  const page = await newPage({ motion: 'reduce' })
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await settled(page)
  await page.getByRole('button', { name: 'Invite people' }).click()
  await page.getByRole('dialog').waitFor()
  const moving = await page.evaluate(() =>
    document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 1),
  )
  if (moving.length > 0) throw new Error(`${moving.length} things move`)
})
