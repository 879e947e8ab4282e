import { expect, it } from 'vitest'
import { checkAccess } from '../access'
import { ADMIN, newPage, openUser, signIn } from '../browser'

it('a user is looked at from every side: profile, access explained, sessions, activity', async () => {
  const [page, other] = [await newPage(), await newPage()]
  await signIn(page)
  await signIn(other, { email: 'bea@demo.example', password: ADMIN.password })
  const drawer = await openUser(page, 'bea')
  await drawer.getByText(/This user signs in with this email/).waitFor()
  await checkAccess(page, 'profile')

  await drawer.getByRole('tab', { name: 'Access' }).click()
  await drawer.getByLabel(/Find a permission/).fill('publish')
  await drawer
    .getByText(/publish/i)
    .first()
    .waitFor()
  await checkAccess(page, 'access explained')

  await drawer.getByRole('tab', { name: 'Sessions' }).click()
  await drawer.getByText(/Chrom/).first().waitFor()
  await checkAccess(page, 'sessions')
  await drawer.getByRole('button', { name: 'Sign out everywhere in this account' }).click()
  await drawer.getByText('No active sessions.').waitFor()

  await drawer.getByRole('tab', { name: 'Activity' }).click()
  await drawer
    .getByText(/Signed in|Invited|Activated/)
    .first()
    .waitFor()
  await checkAccess(page, 'activity of a user')
})

it('a user is edited, and the address bar opens the same drawer for somebody else', async () => {
  const page = await newPage()
  await signIn(page)
  const drawer = await openUser(page, 'carl')
  await drawer.getByLabel('Name', { exact: true }).fill('Carla Content')
  await drawer.getByLabel('Role').selectOption('content_viewer')
  await drawer.getByRole('button', { name: 'Save changes' }).click()
  const impact = page.getByRole('dialog', { name: 'Review the impact' })
  await impact
    .getByText(/is reduced for 1 user/)
    .first()
    .waitFor()
  await checkAccess(page, 'what another role does')
  await impact.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  await impact.waitFor({ state: 'detached' })
  await page.reload()
  await page.getByRole('dialog', { name: 'User' }).getByText('Carla Content').first().waitFor()
})

it('one browser of a user is signed out, the others are not', async () => {
  const [page, one, two] = [await newPage(), await newPage(), await newPage()]
  await signIn(page)
  for (const browser of [one, two]) await signIn(browser, { email: 'anton@demo.example', password: ADMIN.password })
  const drawer = await openUser(page, 'anton')
  await drawer.getByRole('tab', { name: 'Sessions' }).click()
  const ends = drawer.getByRole('button', { name: /^Sign out: Chrom/ })
  await ends.nth(1).waitFor()
  const before = await ends.count()
  await ends.first().click()
  await page.getByText('Session signed out.').waitFor()
  await expect.poll(() => ends.count()).toBe(before - 1)
  const answers = await Promise.all([one, two].map((browser) => browser.request.get('/api/v1/me')))
  expect(answers.map((answer) => answer.status()).sort()).toEqual([200, 401])
})

it('an edit is taken back', async () => {
  const page = await newPage()
  await signIn(page)
  const drawer = await openUser(page, 'fatima')
  const name = drawer.getByLabel('Name', { exact: true })
  await name.fill('Fatima Elsewhere')
  await drawer.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  await page.getByRole('cell', { name: 'Fatima Elsewhere' }).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Undone').waitFor()
  await expect.poll(() => name.inputValue()).toBe('Fatima Zahra')
  await page.getByRole('cell', { name: 'Fatima Zahra' }).waitFor()
})

it('what cannot be done says why', async () => {
  const page = await newPage()
  await signIn(page)
  await openUser(page, 'ada')
  await page.getByRole('button', { name: 'Actions' }).click()
  const disable = page.getByRole('menuitem', { name: /^Disable/ })
  await disable.waitFor()
  expect(await disable.getAttribute('aria-disabled')).toBe('true')
  expect((await disable.innerText()).length, 'the reason stands beside it').toBeGreaterThan('Disable'.length)
  await checkAccess(page, 'what can be done')
})

it('the chosen systems are still there for whoever comes back from all of them', async () => {
  const page = await newPage()
  await signIn(page)
  const drawer = await openUser(page, 'giulia')
  await drawer.getByRole('combobox', { name: 'Systems' }).click()
  await page.locator('[data-combobox-option]:visible').first().click()
  await page.keyboard.press('Tab')
  const chosen = drawer.locator('.mantine-Pill-label')
  const before = await chosen.allInnerTexts()
  expect(before.length).toBeGreaterThan(0)
  for (const reach of ['All, including future', 'Some systems']) await drawer.getByText(reach, { exact: true }).click()
  expect(await chosen.allInnerTexts()).toEqual(before)
})

it('an admin who loses the right to invite takes pending invitations along, and that is said before it is saved', async () => {
  const [page, inviter] = [await newPage(), await newPage()]
  await signIn(page)
  await signIn(inviter, { email: 'alma@demo.example', password: ADMIN.password })
  const data = { emails: 'pending@impact.example', role_id: 'builder' }
  expect((await inviter.request.post('/api/v1/accounts/demo/users', { data })).ok()).toBe(true)
  const drawer = await openUser(page, 'alma')
  const role = drawer.getByLabel('Role')
  const before = await role.inputValue()
  await role.selectOption('content_viewer')
  const save = drawer.getByRole('button', { name: 'Save changes' })
  await save.click()
  const impact = page.getByRole('dialog', { name: 'Review the impact' })
  await impact.getByText(/pending invitations? stops? working.*pending@impact\.example/).waitFor()
  await page.keyboard.press('Escape')
  await impact.waitFor({ state: 'detached' })
  await save.and(page.locator(':focus')).waitFor()
  await drawer.getByRole('button', { name: 'Discard' }).click()
  expect(await role.inputValue(), 'nothing was saved').toBe(before)
  const alma = await page.request.get('/api/v1/accounts/demo/users?q=alma')
  expect((await alma.json()).items[0].role.id).toBe(before)
})
