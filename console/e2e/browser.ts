import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest'

export const ADMIN = { email: 'ada@demo.example', password: 'try-portcullis' }

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

let browser: Browser
const contexts: BrowserContext[] = []
const complaints: string[] = []

beforeAll(async () => {
  const executablePath = process.env.PORTCULLIS_BROWSER ?? '/usr/bin/chromium'
  browser = await chromium.launch({ executablePath, args: FLAGS })
})
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()))
  expect(complaints.splice(0), 'nothing broke and the content security policy was never touched').toEqual([])
})
afterAll(() => browser.close())

export const base = () => inject('base')

interface Wishes {
  scheme?: 'light' | 'dark'
  width?: number
  locale?: string
}

/** Another browser, with cookies of its own. Whatever breaks in it, or is refused by the policy, fails the story. */
export async function newPage({ scheme = 'light', width = 1280, locale = 'en' }: Wishes = {}): Promise<Page> {
  const context = await browser.newContext({
    baseURL: base(),
    colorScheme: scheme,
    viewport: { width, height: width < 500 ? 844 : 800 },
    locale,
    reducedMotion: 'reduce',
  })
  contexts.push(context)
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) complaints.push(message.text())
  })
  return page
}

export async function signIn(page: Page, { email, password } = ADMIN) {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('textbox', { name: /^Password/ }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Your accounts' }).waitFor()
}

/** What axe finds on the page as it stands: nothing of WCAG 2.2 A and AA. */
export async function checkAccess(page: Page, where: string) {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
  const found = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)}\n   ${failureSummary}`).join('\n  ')}`,
  )
  expect(found, where).toEqual([])
}

/** The mails that were sent, newest first, as the development mode shows them. */
export async function linkInNewestMail(page: Page, path: string): Promise<string> {
  for (let tries = 0; tries < 50; tries++) {
    const text = await (await page.request.get('/dev/mail')).text()
    const link = new RegExp(`${path}/[A-Za-z0-9_-]+`).exec(text)?.[0]
    if (link) return link
    await page.waitForTimeout(100)
  }
  throw new Error(`no mail with a link to ${path} came`)
}
