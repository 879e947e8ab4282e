import { expect, it } from 'vitest'
import { checkAccess, checkFits } from '../access'
import { LANGUAGES, newPage, settled, signIn, signInReading } from '../browser'

it('the list is searched, filtered and turned, and its address says all of it', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await page.getByText('1–10 of').waitFor()

  await page.getByRole('button', { name: 'Next page' }).click()
  await page.getByText(/^11–/).waitFor()
  await page.reload()
  await page.getByText(/^11–/).waitFor()

  await page.getByLabel('Search by name or email').fill('ada')
  await page.getByText('1–1 of 1').waitFor()
  expect(page.url()).toContain('q=ada')
  await page.getByLabel('Search by name or email').fill('nobody-at-all')
  await page.getByText('No matching users').waitFor()
  await checkAccess(page, 'nobody matches')
  await page.getByRole('button', { name: 'Clear filters' }).first().click()
  await page.getByText('1–10 of').waitFor()

  await page.getByRole('button', { name: 'Role' }).first().click()
  await page.getByRole('checkbox', { name: 'Builder' }).check()
  await page.waitForURL(/role=builder/)
  await checkAccess(page, 'filter')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Login method' }).first().click()
  await page.getByRole('checkbox', { name: 'Password' }).check()
  await page.waitForURL(/login_method=password/)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Login method: Password' }).waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.waitForURL((url) => !/role|login_method/.test(url.search))
})

it('columns are chosen, and sorted by', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users')
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Added' }).click()
  await checkAccess(page, 'columns', '[role="menu"]')
  await page.keyboard.press('Escape')
  await page.getByRole('columnheader', { name: 'Added' }).getByRole('button').click()
  await page.waitForURL(/sort=created_at/)
  await page.getByRole('columnheader', { name: 'Added' }).and(page.locator('[aria-sort="ascending"]')).waitFor()
  await page.reload()
  await page.getByRole('columnheader', { name: 'Added' }).waitFor()
})

it('people are disabled after seeing what they lose, and it is taken back', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?status=active&role=builder')
  await page.getByLabel('Select this page').check()
  await checkAccess(page, 'selection')
  await page.getByRole('button', { name: 'Disable' }).click()
  const dialog = page.getByRole('dialog', { name: 'Disable users' })
  await dialog.getByText(/access immediately/).waitFor()
  await checkAccess(page, 'bulk preview')
  await dialog.getByRole('button', { name: 'Disable' }).click()
  await page.getByText(/users disabled/).waitFor()
  await page.getByRole('tab', { name: /Inactive 7/ }).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Undone').waitFor()
  await page.getByRole('tab', { name: /Inactive 3/ }).waitFor()
})

it('what a bulk action may not do is said at its row, and the others go on', async () => {
  const page = await newPage()
  await signIn(page)
  // The first of them is the admin who acts, and nobody deletes themselves.
  await page.goto('/accounts/demo/users?sort=email')
  await page.getByText('1–10 of').waitFor()
  await page.getByLabel('Select this page').check()
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete users' })
  await dialog.getByText(/Not possible for/).waitFor()
  await checkAccess(page, 'refused rows')
  const first = dialog.getByRole('region', { name: 'Impact on each user' }).getByRole('listitem').first()
  expect(await first.innerText()).toContain('ada@demo.example')
  await dialog.getByRole('button', { name: /^Continue with the other/ }).click()
  await dialog.getByText(/users will be deleted\. You can restore them/).waitFor()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await page.getByText(/users deleted\./).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Undone').waitFor()
})

it('one long list shows everybody', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?rows=0')
  await page.getByRole('row').nth(11).waitFor()
  await page.getByText(/of \d+ loaded/).waitFor()
  await checkAccess(page, 'long list')
})

it('every tab is accessible, with people and without', async () => {
  const page = await newPage()
  await signIn(page)
  for (const tab of ['inactive', 'invitations', 'deleted']) {
    await page.goto(`/accounts/demo/users?tab=${tab}`)
    await page.locator('[role="tab"][aria-selected="true"]').waitFor()
    await checkAccess(page, `tab ${tab}`)
  }
})

it('on a telephone the list is read and its people are opened', async () => {
  const page = await newPage({ width: 390 })
  await signIn(page)
  await page.goto('/accounts/demo/users?q=alma')
  await page.getByText('1–1 of 1').waitFor()
  await checkFits(page, 'users')
  await page.getByRole('link', { name: /alma@/ }).click()
  await page.getByRole('dialog', { name: 'User' }).getByRole('tab', { name: 'Access' }).click()
  await checkAccess(page, 'drawer, narrow')
  await checkFits(page, 'drawer')

  await page.goto('/accounts/demo/users?tab=deleted')
  const chosen = page.getByRole('tab', { name: 'Deleted', selected: true })
  await expect.poll(() => chosen.evaluate((tab) => tab.getBoundingClientRect().right)).toBeLessThanOrEqual(390)
})

it('a dialog stays until it is known what came of it', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?status=active&role=translator')
  await page.getByText(/^1–/).waitFor()
  await page.getByLabel('Select this page').check()
  await page.getByRole('button', { name: 'Disable' }).click()
  const dialog = page.getByRole('dialog', { name: 'Disable users' })
  await dialog.getByText(/access immediately/).waitFor()
  let answer: () => void = () => undefined
  const answered = new Promise<void>((done) => (answer = done))
  const problem = { type: 'about:blank', title: 'No', status: 409, detail: 'Not just now.', code: 'no', request_id: '' }
  await page.route(/bulk\?dry_run=false/, async (route) => {
    await answered
    await route.fulfill({ status: 409, contentType: 'application/problem+json', body: JSON.stringify(problem) })
  })
  await dialog.getByRole('button', { name: 'Disable' }).click()
  const cancel = dialog.getByRole('button', { name: 'Cancel' })
  await expect.poll(() => cancel.isDisabled()).toBe(true)
  await page.keyboard.press('Escape')
  answer()
  await dialog.getByText('Not just now.').waitFor()
  await cancel.click()
  await dialog.waitFor({ state: 'detached' })
})

it.each([
  [390, LANGUAGES[1]],
  [992, LANGUAGES[0]],
  [1024, LANGUAGES[1]],
  [1280, LANGUAGES[0]],
  [1280, LANGUAGES[1]],
] as const)(
  'the words of the filters stand whole in the middle of their buttons, %s wide',
  async (width, [, t, who]) => {
    const page = await newPage({ width })
    await signInReading(page, t, who)
    for (const address of ['users?status=active&role=builder', 'activity?action=session.started&target=usr_gone']) {
      await page.goto(`/accounts/demo/${address}`)
      const clear = page.getByRole('button', { name: t.users.clearFilters }).first()
      await clear.waitFor()
      await settled(page)
      const labels = clear.locator('xpath=..').locator('> button .mantine-Button-label:visible')
      expect(await labels.count()).toBeGreaterThan(1)
      for (const label of await labels.all()) {
        const { text, above, below, cut, line } = await label.evaluate((element) => {
          const [outer, inner] = [element.closest('button'), element].map((one) => one?.getBoundingClientRect())
          return {
            text: element.textContent,
            above: (inner?.top ?? 0) - (outer?.top ?? 0),
            below: (outer?.bottom ?? 0) - (inner?.bottom ?? 0),
            cut: element.scrollHeight - element.clientHeight,
            line: element.clientHeight,
          }
        })
        expect(Math.abs(above - below), `${text}: in the middle`).toBeLessThanOrEqual(1)
        // From the top of its letters to what hangs below them.
        expect([cut, line >= 14], `${text}: whole`).toEqual([0, true])
      }
      const status = page.getByRole('button', { name: `${t.users.column_status}: ${t.users.active}` })
      if (address.startsWith('users'))
        expect(await status.locator('.mantine-Button-label').evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(
          0,
        )
    }
  },
)
