import { expect, it } from 'vitest'
import { checkAccess, checkWords } from '../access'
import { linkInNewestMail, newPage, signIn } from '../browser'

// Pages that are not part of the console, and speak English.

it('an address that is no problem is not found, and one that is says so', async () => {
  const page = await newPage()
  expect((await page.goto('/problems/nonsense'))?.status()).toBe(404)
  await page.getByRole('heading', { name: 'Page not found' }).waitFor()
  await checkAccess(page, 'no problem')
  expect((await page.goto('/problems/last_admin'))?.status()).toBe(200)
  await page.getByRole('heading', { name: 'last_admin' }).waitFor()
})

it('the mailbox has every email, page by page', async () => {
  const page = await newPage()
  await signIn(page)
  const emails = Array.from({ length: 55 }, (_, number) => `p${number}@pages.example`).join('\n')
  const data = { emails, role_id: 'builder' }
  expect((await page.request.post('/api/v1/accounts/demo/users', { data })).ok()).toBe(true)
  await page.goto('/dev/mail')
  expect(await page.getByRole('article').count()).toBe(50)
  await page.getByText(/emails, page 1 of 2/).waitFor()
  await checkAccess(page, 'mailbox')
  await page.getByRole('link', { name: 'Older' }).click()
  await page.getByText(/page 2 of 2/).waitFor()
  await page.getByRole('link', { name: 'Newer' }).click()
  await page.getByText(/page 1 of 2/).waitFor()
})

it.each([1280, 390])('the reference of the API breaks no word, %s wide', async (width) => {
  const page = await newPage({ width })
  await page.goto('/api/docs')
  await checkWords(page, '/api/docs')
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(
    true,
  )
})

it('every page has an icon, and so has what is no page', async () => {
  const page = await newPage()
  const isIcon = async (path: string) => {
    const answer = await page.request.get(path)
    return [answer.status(), answer.headers()['content-type']]
  }
  expect(await isIcon('/favicon.ico')).toEqual([200, 'image/svg+xml'])
  for (const path of [
    '/sign-in',
    '/accounts/demo/users',
    await linkInNewestMail(page, '/activate'),
    '/dev/mail',
    '/problems/',
    '/problems/last_admin',
    '/problems/nonsense',
    '/api/docs',
  ]) {
    await page.goto(path)
    const icon = await page.locator('link[rel="icon"]').evaluate((link) => (link as HTMLLinkElement).href)
    expect(await isIcon(icon), path).toEqual([200, 'image/svg+xml'])
  }
})
