import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { de } from '../../src/texts/de'
import { en } from '../../src/texts/en'
import { checkAccess } from '../access'
import { ADMIN, newPage, settled, signIn, signInReading } from '../browser'

const SAM = { ...ADMIN, email: 'sam@demo.example' }

/** Answers that a page should not have asked for. */
function refusalsOf(page: Page) {
  const refused: string[] = []
  page.on(
    'response',
    (answer) => answer.status() === 403 && refused.push(`${answer.request().method()} ${answer.url()}`),
  )
  return refused
}

it.each([
  ['in English', en],
  ['in German', de],
] as const)('a System Manager is offered what they may do, and told once what that is, %s', async (_, t) => {
  const page = await newPage()
  await signInReading(page, t, SAM)
  const refused = refusalsOf(page)
  await page.goto('/accounts/demo/users')
  await page.getByText(t.users.mayAssign).waitFor()
  expect(await page.getByRole('button', { name: t.users.invite }).count()).toBe(0)
  await page.keyboard.press('i')
  await page.getByLabel(t.users.selectPage).check()
  const bar = page.getByRole('region', { name: t.users.selection })
  await bar.getByRole('button', { name: t.bulk.add_systems }).waitFor()
  await checkAccess(page, 'what a System Manager may do')
  const offered = (await bar.getByRole('button').allInnerTexts()).filter((text) => text)
  expect(offered.filter((text) => !text.includes('2') && !text.includes('1'))).toEqual([
    t.bulk.add_systems,
    t.bulk.remove_systems,
  ])
  await bar.getByRole('button', { name: t.users.clearSelection }).click()
  await page.getByRole('button', { name: t.users.options }).click()
  await page.getByRole('menuitem').first().waitFor()
  expect(await page.getByRole('menuitem').allInnerTexts()).toEqual([t.users.export_csv, t.users.export_json])
  await page.keyboard.press('Escape')

  // Somebody whom they may touch.
  const { items } = await (await page.request.get('/api/v1/accounts/demo/users?limit=50')).json()
  const whole = await Promise.all(
    (items as { id: string }[]).map(async ({ id }) =>
      (await page.request.get(`/api/v1/accounts/demo/users/${id}`)).json(),
    ),
  )
  const { id } = whole.find(({ can, email, all_systems }) => can.edit.allowed && !all_systems && email !== SAM.email)
  await page.goto(`/accounts/demo/users?user=${id}&part=edit`)
  const drawer = page.getByRole('dialog', { name: t.user.title })
  await drawer.getByLabel(t.users.column_name, { exact: true }).waitFor()
  expect(await drawer.getByLabel(t.users.column_name, { exact: true }).isEditable()).toBe(false)
  expect(await drawer.getByLabel(t.users.column_role).isEditable()).toBe(false)
  expect(await drawer.getByRole('button', { name: t.user.actions }).count()).toBe(0)
  await drawer.getByRole('combobox').or(drawer.locator('[data-autofocus]')).and(page.locator(':focus')).waitFor()
  for (const tab of await drawer.getByRole('tab').all()) {
    await tab.click()
    await settled(page)
  }
  for (const path of ['activity', 'users']) {
    await page.goto(`/accounts/demo/${path}`)
    await settled(page)
  }
  expect(refused).toEqual([])
})

it('a page that a role does not include is not opened by its address either, and nothing is asked for it', async () => {
  const page = await newPage()
  await signIn(page, SAM)
  await signInReading(page, en, SAM)
  const refused = refusalsOf(page)
  for (const path of ['roles', 'settings', 'insights']) {
    await page.goto(`/accounts/demo/${path}`)
    await page.getByRole('heading', { name: 'You don’t have access' }).waitFor()
    await page.getByText(/Your role, System Manager, doesn’t include this page/).waitFor()
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  }
  await checkAccess(page, 'a page that is not for this role')
  expect(refused).toEqual([])
})

it('what a rule refused is not offered again', async () => {
  const page = await newPage()
  await signIn(page)
  const problem = {
    type: 'about:blank',
    title: '',
    status: 403,
    detail: 'No.',
    code: 'permission_missing',
    request_id: '',
  }
  for (const [status, tries] of [
    [403, 0],
    [503, 1],
  ] as const) {
    await page.route(/\/users\?/, (route) =>
      route.request().resourceType() === 'fetch'
        ? route.fulfill({
            status,
            contentType: 'application/problem+json',
            body: JSON.stringify({ ...problem, status }),
          })
        : route.continue(),
    )
    await page.goto('/accounts/demo/users')
    await page.getByRole('alert').getByText('No.').waitFor()
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(tries)
    await page.unroute(/\/users\?/)
  }
})

it.each([
  ['in English', en, 'dmitri'],
  ['in German', de, 'bea'],
] as const)(
  'who only reads the activity log reads names and no ids, and asks for nothing else, %s',
  async (_, t, who) => {
    const [page, ada] = [await newPage(), await newPage()]
    await Promise.all([signInReading(page, t, { ...ADMIN, email: `${who}@demo.example` }), signIn(ada)])
    const users = await (await ada.request.get(`/api/v1/accounts/demo/users?q=${who}@`)).json()
    const { id } = users.items[0]
    for (const role_id of ['publisher', 'system_manager', 'builder'])
      expect((await ada.request.patch(`/api/v1/accounts/demo/users/${id}`, { data: { role_id } })).ok()).toBe(true)
    const refused = refusalsOf(page)
    await page.goto(`/accounts/demo/activity?action=user.changed&target=${id}`)
    const roles = [
      ['System Manager', 'Builder'],
      ['Publisher', 'System Manager'],
    ]
    for (const [place, names] of roles.entries()) {
      await page
        .getByRole('row')
        .nth(place + 1)
        .getByRole('link')
        .first()
        .click()
      const entry = page.getByRole('dialog', { name: t.activity.entry })
      const row = entry.getByRole('row').filter({ hasText: t.users.column_role })
      await row.waitFor()
      expect(await row.getByRole('cell').allInnerTexts()).toEqual(names)
      await page.keyboard.press('Escape')
      await entry.waitFor({ state: 'detached' })
    }
    for (const path of ['activity', 'users', 'roles', 'settings', 'insights']) {
      await page.goto(`/accounts/demo/${path}`)
      await settled(page)
    }
    expect(refused).toEqual([])
  },
)

it('the help names the keys that do something for whoever asks', async () => {
  const [ada, sam, bea] = [await newPage(), await newPage(), await newPage()]
  await Promise.all([
    signInReading(ada, en),
    signInReading(sam, en, SAM),
    signInReading(bea, en, { ...ADMIN, email: 'bea@demo.example' }),
  ])
  const keysOf = async (page: Page, path: string) => {
    await page.goto(`/accounts/demo/${path}`)
    await settled(page)
    await page.keyboard.press('?')
    const help = page.getByRole('dialog', { name: en.shell.helpTitle })
    await help.waitFor()
    return (await help.getByRole('row').allInnerTexts()).join('\n')
  }
  expect(await keysOf(ada, 'users')).toContain(en.shell.shortcutInvite)
  const sams = await keysOf(sam, 'users')
  expect([sams.includes(en.shell.shortcutSelect), sams.includes(en.shell.shortcutInvite)]).toEqual([true, false])
  expect(await keysOf(bea, 'activity')).not.toContain(en.shell.shortcutSearch)
})
