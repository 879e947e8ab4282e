import type { Page } from 'playwright-core'
import { it } from 'vitest'
import { checkFits, checkTargets } from '../access'
import { newPage, signIn } from '../browser'

const USERS = '/accounts/demo/users'

/** An address, and what is opened there before everything that can be pressed is measured. */
type Place = [name: string, path: string, open?: (page: Page) => Promise<void>]

const OUTSIDE: Place[] = [
  ['sign-in', '/sign-in'],
  ['password', '/sign-in?email=ada@demo.example', (page) => page.getByRole('button', { name: 'Next' }).click()],
  ['forgot password', '/forgot-password'],
  ['a dead link', '/activate/x'],
]

const INSIDE: Place[] = [
  ['the accounts', '/'],
  ['the profile', '/profile'],
  ['the users', USERS],
  ['the users, filtered', `${USERS}?status=active&role=builder`],
  ['the invitations', `${USERS}?tab=invitations`],
  ['the navigation', USERS, (page) => page.getByRole('button', { name: 'Open navigation' }).click()],
  ['the bar of the selection', USERS, (page) => page.getByLabel('Select this page').check()],
  ['an invitation', `${USERS}?invite=true`, paste],
  ['a user', `${USERS}?q=bea`, openUser('Profile')],
  ['what a user may', `${USERS}?q=bea`, openUser('Access')],
  ['the sessions of a user', `${USERS}?q=ada`, openUser('Sessions')],
  ['the activity of a user', `${USERS}?q=bea`, openUser('Activity')],
  ['the roles', '/accounts/demo/roles'],
  ['the matrix', '/accounts/demo/roles', (page) => page.getByText('Permission matrix').click()],
  ['a role', '/accounts/demo/roles?role=system_manager'],
  ['the insights', '/accounts/demo/insights'],
  ['the settings', '/accounts/demo/settings'],
  ['the log', '/accounts/demo/activity'],
  ['the log, filtered', '/accounts/demo/activity?action=session.started&from=2026-01-01'],
  ['an entry', '/accounts/demo/activity', openEntry],
]

function openUser(part: string) {
  return async (page: Page) => {
    await page.locator('[data-row] [data-open]').first().click()
    await page.getByRole('dialog').getByRole('tab', { name: part }).click()
  }
}

async function openEntry(page: Page) {
  await page.getByRole('row').nth(1).getByRole('cell').first().click()
  await page.getByRole('dialog').getByText('Hash').waitFor()
}

async function paste(page: Page) {
  await page.getByLabel('Email addresses').fill('Ana <ana@targets.example>; nonsense')
  await page.keyboard.press('Enter')
  await page.getByText('1 ready').waitFor()
}

it.each([
  ['outside', OUTSIDE],
  ['inside', INSIDE],
] as const)('fingers find everything on a small telephone, %s', async (where, places) => {
  const page = await newPage({ width: 360 })
  if (where === 'inside') await signIn(page)
  for (const [name, path, open] of places) {
    await page.goto(path)
    await page.getByRole('heading').or(page.getByRole('dialog')).first().waitFor()
    await open?.(page)
    await checkTargets(page, name)
    await checkFits(page, name)
  }
})
