import { mkdirSync } from 'node:fs'
import { it } from 'vitest'
import { newPage, signIn } from './browser'

const DIRECTORY = 'screenshots'

const PAGES: Record<string, string> = {
  hub: '/',
  profile: '/profile',
  users: '/accounts/demo/users',
  user: '/accounts/demo/users?q=alma',
  invitations: '/accounts/demo/users?tab=invitations',
  invite: '/accounts/demo/users?invite=true',
  roles: '/accounts/demo/roles',
  role: '/accounts/demo/roles?role=system_manager',
  activity: '/accounts/demo/activity',
  settings: '/accounts/demo/settings',
}

mkdirSync(DIRECTORY, { recursive: true })

for (const [name, scheme, width] of [
  ['light', 'light', 1280],
  ['dark', 'dark', 1280],
  ['narrow', 'light', 390],
] as const) {
  it(`pictures of every page, ${name}`, async () => {
    const page = await newPage({ scheme, width })
    const shoot = async (what: string) => {
      await page.waitForLoadState('networkidle')
      await page.waitForTimeout(300)
      await page.screenshot({ path: `${DIRECTORY}/${what}-${name}.png` })
    }
    for (const [what, path] of [
      ['sign-in', '/sign-in'],
      ['forgot', '/forgot-password'],
      ['dead-link', '/activate/x'],
    ] as const) {
      await page.goto(path)
      await shoot(what)
    }
    await signIn(page)
    for (const [what, path] of Object.entries(PAGES)) {
      await page.goto(path)
      if (what === 'user') {
        await page.locator('[data-row] [data-open]').first().click()
        await page.getByRole('tab', { name: 'Access' }).click()
      }
      if (what === 'invite') {
        await page
          .getByLabel('E-mail addresses')
          .fill('Ana Lopez <ana@new.example>; bob@new.example, nonsense; ada@demo.example')
        await page.keyboard.press('Enter')
        await page.getByText('2 can be invited').waitFor()
      }
      await shoot(what)
    }
    await page.goto('/accounts/demo/users')
    await page.getByLabel('Select the rows of this page').click()
    await page.getByRole('button', { name: 'Change role' }).click()
    await page.getByRole('dialog').getByLabel('Role').selectOption('content_viewer')
    await page
      .getByText('What happens to each')
      .or(page.getByRole('dialog').getByText(/person|people/))
      .first()
      .waitFor()
    await shoot('bulk')
  }, 240_000)
}
