import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, type Locator, type Page, chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, onTestFinished, vi } from 'vitest'
import type { Texts } from '../src/texts/texts'
import { de } from '../src/texts/de'
import { en } from '../src/texts/en'
import { Portcullis } from './portcullis'

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

export const launchBrowser = () =>
  chromium.launch({ executablePath: process.env.PORTCULLIS_BROWSER ?? '/usr/bin/chromium', args: FLAGS })

let browser: Browser
let server: Portcullis
const contexts: BrowserContext[] = []
const complaints: string[] = []
const directory = mkdtempSync(join(tmpdir(), 'portcullis-stories-'))

beforeAll(async () => {
  cpSync(inject('seed'), directory, { recursive: true })
  ;[browser, server] = await Promise.all([launchBrowser(), Portcullis.start(directory)])
})
afterEach(async () => {
  await Promise.all(
    contexts.splice(0).map(async (context) => {
      // What a story answers in the place of the server may be under way when it ends.
      await Promise.all(context.pages().map((page) => page.unrouteAll({ behavior: 'ignoreErrors' })))
      await context.close()
    }),
  )
  expect(complaints.splice(0), 'nothing broke, no other host was asked, the content security policy kept').toEqual([])
})
afterAll(async () => {
  await Promise.all([browser.close(), server.stop()])
  rmSync(directory, { recursive: true, force: true })
})

/** The server of this file of stories. */
export const portcullis = () => server

/** The drawer of somebody of the demo, opened from the list. */
export async function openUser(page: Page, name: string) {
  await page.goto(`/accounts/demo/users?q=${name}`)
  await page.getByRole('link', { name: `${name}@demo.example` }).click()
  return page.getByRole('dialog', { name: 'User' })
}

/** A server that nobody has set up, for one story, and the link with which somebody does. */
export async function freshServer() {
  const fresh = await ownServer((base) => ({
    PORTCULLIS__SERVER__PUBLIC_URL: base,
    PORTCULLIS__SECURITY__SECRET_KEY: 'ab'.repeat(32),
  }))
  return { base: fresh.base, link: /http\S+\/setup\/\S+/.exec(fresh.output)?.[0] ?? '' }
}

/** A server with settings of its own and an empty database, for one story. */
export async function ownServer(settings: (base: string) => Record<string, string>) {
  const directory = mkdtempSync(join(tmpdir(), 'portcullis-own-'))
  const server = await Portcullis.start(directory, settings)
  onTestFinished(async () => {
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  })
  return server
}

interface Wishes {
  scheme?: 'light' | 'dark'
  width?: number
  locale?: string
  /** Where the server is, for stories that start one of their own. */
  base?: string
  motion?: 'reduce' | 'no-preference'
}

/** Another browser, with cookies of its own. Whatever breaks in it, asks another host or is refused by the policy fails the story. */
export async function newPage(wishes: Wishes = {}): Promise<Page> {
  const { scheme = 'light', width = 1280, locale = 'en', base = server.base, motion = 'reduce' } = wishes
  const context = await browser.newContext({
    baseURL: base,
    colorScheme: scheme,
    viewport: { width, height: width < 500 ? 844 : 800 },
    locale,
    reducedMotion: motion,
  })
  contexts.push(context)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  await watch(page, base)
  return page
}

async function watch(page: Page, base: string) {
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`content security policy: ${violatedDirective} refused ${blockedURI}`),
    ),
  )
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // A refusal by the server is an answer like any other; the stories look at what the page makes of it.
    const isAnswer = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isAnswer) complaints.push(message.text())
  })
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.origin !== base) complaints.push(`asked another host: ${url}`)
  })
}

/** Signs a browser in without a detour over the page for it, which has stories of its own. */
export async function signIn(page: Page, { email, password } = ADMIN, prefix = '') {
  const answer = await page.request.post(`${prefix}/api/v1/sign-in/password`, { data: { email, password } })
  expect(answer.ok(), `${email} signs in`).toBe(true)
}

/** A page with everything loaded and at rest. */
export async function settled(page: Page) {
  await page.getByRole('heading').or(page.getByRole('dialog')).first().waitFor()
  await page.waitForFunction(
    () =>
      document.querySelector('[aria-busy="true"], .mantine-Skeleton-root') === null &&
      document.getAnimations().every(({ playState }) => playState !== 'running'),
  )
}

/** The address of a page with which somebody chooses a new password, as it is mailed. */
export async function resetLink(page: Page, email: string) {
  const before = await linksInMails(page, '/reset-password')
  const answer = await page.request.post('/api/v1/password-resets', { data: { email } })
  expect(answer.ok(), `${email} asks for a link`).toBe(true)
  return vi.waitFor(
    async () => {
      const [newest] = await linksInMails(page, '/reset-password')
      if (!newest || before.includes(newest)) throw new Error(`no mail to ${email} came`)
      return newest
    },
    { timeout: 10_000, interval: 100 },
  )
}

/** The links to one of our pages in the mails that the development mode shows, newest first. */
const linksInMails = async (page: Page, path: string): Promise<string[]> =>
  (await (await page.request.get('/dev/mail')).text()).match(new RegExp(`${path}/[A-Za-z0-9_-]+`, 'g')) ?? []

/** The link in the newest mail to one of our pages, as the development mode shows it. */
export const linkInNewestMail = (page: Page, path: string) =>
  vi.waitFor(
    async () => {
      const text = await (await page.request.get('/dev/mail')).text()
      const link = new RegExp(`${path}/[A-Za-z0-9_-]+`).exec(text)?.[0]
      if (!link) throw new Error(`no mail with a link to ${path} came`)
      return link
    },
    { timeout: 10_000, interval: 100 },
  )

/** A browser saves what stands in the field right before a new password: the address, which one sees and cannot change. */
export async function checkUserName(page: Page, email: string, password: Locator) {
  const field = page.locator('form input[autocomplete="username"]')
  expect([await field.inputValue(), await field.isVisible(), await field.isEditable()]).toEqual([email, true, false])
  const follows = await password.evaluate((field) => {
    const all = [...((field as HTMLInputElement).form?.elements ?? [])].filter((one) => one instanceof HTMLInputElement)
    const before = all.slice(0, all.indexOf(field as HTMLInputElement))
    return before.findLast((one) => one.type !== 'password')?.autocomplete
  })
  expect(follows).toBe('username')
}

/** Both languages, each with its words and an admin of the demo who reads it. */
export const LANGUAGES = [
  ['in English', en, ADMIN],
  ['in German', de, { ...ADMIN, email: 'alma@demo.example' }],
] as const

/** Signs in somebody who reads the language of these words. */
export async function signInReading(page: Page, texts: Texts, who = ADMIN) {
  await signIn(page, who)
  const answer = await page.request.patch('/api/v1/me', { data: { locale: texts === de ? 'de' : 'en' } })
  expect(answer.ok(), `${who.email} reads it`).toBe(true)
}

/** Whether nothing lies over it, and it is within the window. */
export const isClear = (what: Locator) =>
  what.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect()
    const points = [0.1, 0.5, 0.9].map((part) => [left + width * part, top + height / 2] as const)
    return points.every(([x, y]) => {
      const there = document.elementFromPoint(x, y)
      return there !== null && (element.contains(there) || there.contains(element))
    })
  })
