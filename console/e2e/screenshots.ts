import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { it } from 'vitest'
import { freshServer, linkInNewestMail, newPage, resetLink, settled, signIn } from './browser'

const DIRECTORY = 'screenshots'
const PASTED = 'Ana Lopez <ana@new.example>; bob@new.example, nonsense; ada@demo.example'

/** What stands on a picture: an address, and what is done there before it is taken. */
type Scene = [name: string, path: string, prepare?: (page: Page) => Promise<void>]

const OPEN: Scene[] = [
  ['sign-in', '/sign-in', (page) => page.getByRole('group', { name: 'Demo users' }).waitFor()],
  ['password', '/sign-in?email=ada@demo.example', (page) => page.getByRole('button', { name: 'Next' }).click()],
  ['forgot', '/forgot-password'],
  ['dead-link', '/activate/x'],
]

const users = (search = '') => `/accounts/demo/users${search}`
const tab = (name: string) => async (page: Page) => {
  await page.locator('[data-row] [data-open]').first().click()
  await page.getByRole('dialog').getByRole('tab', { name }).click()
}

const SIGNED_IN: Scene[] = [
  ['hub', '/'],
  ['profile', '/profile'],
  ['users', users()],
  ['users-long', users('?rows=0')],
  ['users-nobody', users('?q=nobody-at-all')],
  ['users-inactive', users('?tab=inactive')],
  ['invitations', users('?tab=invitations')],
  ['deleted', users('?tab=deleted')],
  ['user', users('?q=bea'), tab('Profile')],
  ['user-access', users('?q=emeka'), access],
  ['user-sessions', users('?q=ada'), tab('Sessions')],
  ['user-activity', users('?q=bea'), tab('Activity')],
  ['user-menu', users('?q=ada'), openMenu],
  ['invite', users('?invite=true'), paste],
  ['selection', users(), select],
  ['bulk', users('?status=active&role=builder'), disable],
  ['roles', '/accounts/demo/roles'],
  ['roles-matrix', '/accounts/demo/roles', (page) => page.getByText('Permission matrix').click()],
  ['role', '/accounts/demo/roles?role=system_manager'],
  ['activity', '/accounts/demo/activity'],
  [
    'activity-entry',
    '/accounts/demo/activity',
    (page) => page.getByRole('link', { name: 'Signed in' }).first().click(),
  ],
  ['activity-verified', '/accounts/demo/activity', verify],
  ['insights', '/accounts/demo/insights'],
  ['settings', '/accounts/demo/settings'],
  ['settings-effects', '/accounts/demo/settings', shorten],
  ['palette', users(), search],
  ['not-found', '/accounts/nowhere/users'],
]

async function access(page: Page) {
  await tab('Access')(page)
  await page
    .getByRole('heading', { name: 'Systems' })
    .evaluate((heading) => heading.parentElement?.scrollIntoView({ block: 'end' }))
}

async function openMenu(page: Page) {
  await page.locator('[data-row] [data-open]').first().click()
  await page.getByRole('button', { name: 'Actions' }).click()
}

async function paste(page: Page) {
  await page.getByLabel('Email addresses').fill(PASTED)
  await page.keyboard.press('Enter')
  await page.getByText('2 ready').waitFor()
}

async function select(page: Page) {
  await page.getByLabel('Select this page').check()
  await page.getByRole('region', { name: 'Selected users' }).waitFor()
}

async function disable(page: Page) {
  await select(page)
  await page.getByRole('button', { name: 'Disable' }).click()
  await page.getByText(/access immediately/).waitFor()
}

async function verify(page: Page) {
  await page.getByRole('button', { name: 'Verify log' }).click()
  await page.getByText('Log intact').waitFor()
}

async function search(page: Page) {
  await page.getByRole('button', { name: 'Search and commands' }).first().click()
  await page.getByRole('textbox', { name: 'Search and commands' }).fill('al')
  await page.getByRole('dialog').getByText('Alma Deputy').waitFor()
}

async function shorten(page: Page) {
  await page.getByLabel('Minimum length').fill('14')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByRole('dialog').waitFor()
}

mkdirSync(DIRECTORY, { recursive: true })

for (const [look, scheme, width] of [
  ['light', 'light', 1280],
  ['dark', 'dark', 1280],
  ['narrow', 'light', 390],
] as const) {
  it(`pictures of every page, ${look}`, async () => {
    const fresh = await freshServer()
    const [page, first] = [await newPage({ scheme, width }), await newPage({ scheme, width, base: fresh.base })]
    const take = async ([name, path, prepare]: Scene, shown = page) => {
      if (name === 'palette' && width < 500) return
      await shown.goto(path)
      await settled(shown)
      await prepare?.(shown)
      await settled(shown)
      await shown.screenshot({ path: `${DIRECTORY}/${name}-${look}.png` })
    }
    for (const scene of OPEN) await take(scene)
    await take(['activate', await linkInNewestMail(page, '/activate')])
    await take(['reset', await resetLink(page, 'vera@demo.example')])
    await take(['setup', fresh.link], first)
    await signIn(page)
    for (const scene of SIGNED_IN) await take(scene)
  }, 300_000)
}
