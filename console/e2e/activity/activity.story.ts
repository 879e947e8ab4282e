import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { checkAccess } from '../access'
import { newPage, portcullis, signIn } from '../browser'

it('the log is searched, an entry shows before and after, and the chain is proved whole', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/activity')
  await page.getByRole('link', { name: 'Signed in' }).first().waitFor()
  await page.getByRole('button', { name: 'Verify log' }).click()
  await page.getByText('Log intact').waitFor()
  await checkAccess(page, 'verified log')

  await page.getByRole('button', { name: 'Event' }).click()
  await page.getByRole('checkbox', { name: 'User invited', exact: true }).check()
  await page.keyboard.press('Escape')
  await page.waitForURL(/action=user.invited/)
  await page.getByRole('link', { name: 'User invited' }).first().click()
  await page.getByRole('dialog', { name: 'Log entry' }).getByText('After').first().waitFor()
  await checkAccess(page, 'entry')
})

it('what somebody did, and what was done to them, is shown by filters that can be taken away', async () => {
  const page = await newPage()
  await signIn(page)
  const users = await (await page.request.get('/api/v1/accounts/demo/users?q=bea')).json()
  const bea = users.items[0].id as string
  await page.goto(`/accounts/demo/activity?target=${bea}&actor=${bea}`)
  const [who, whom] = ['Actor', 'Target'].map((label) =>
    page.getByRole('button', { name: `${label}: bea@demo.example. Remove filter` }),
  )
  await whom?.waitFor()
  await checkAccess(page, 'filters of the log')
  await who?.click()
  await page.waitForURL((url) => !url.searchParams.has('actor') && url.searchParams.get('target') === bea)
  await page.getByRole('link', { name: 'User invited' }).waitFor()
  await whom?.click()
  await page.waitForURL((url) => !url.searchParams.has('target'))
  await who?.waitFor({ state: 'detached' })
})

it('lines for verifying are the whole log, whatever is filtered', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/activity?action=user.invited')
  await page.getByRole('link', { name: 'User invited' }).first().waitFor()
  await page.getByRole('button', { name: 'Export' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: /^Entire log as JSON Lines/ }).click()
  const [first = ''] = (await readFile(await (await download).path(), 'utf8')).split('\n')
  expect(JSON.parse(first)).toMatchObject({ entry: { seq: 1, action: 'account.created' } })
})

it('what is filtered is exported, for a spreadsheet or as JSON, and the export stands in the log', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?role=builder&sort=-email')
  await page.getByText(/^1–/).waitFor()
  const filter = 'role=builder&status=active,provisioned&sort=-email'
  const { items } = await (await page.request.get(`/api/v1/accounts/demo/users?${filter}`)).json()
  const wanted = (items as { email: string }[]).map(({ email }) => email)
  const take = async (format: string) => {
    await page.getByRole('button', { name: 'List options' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: format }).click(),
    ])
    return readFile(await download.path(), 'utf8')
  }
  const [, ...lines] = (await take('CSV')).trim().split(/\r?\n/)
  expect(lines.map((line) => /[^",]+@[^",]+/.exec(line)?.[0])).toEqual(wanted)
  const people = JSON.parse(await take('JSON')) as { email: string }[]
  expect(people.map(({ email }) => email)).toEqual(wanted)
  await page.goto('/accounts/demo/activity')
  const entries = page.getByRole('link', { name: 'Users exported' })
  await entries.nth(1).waitFor()
  await entries.first().click()
  await page.getByRole('row', { name: /^Filter – .*Role: Builder/ }).waitFor()
})

it('a log that was altered in the database is called tampered with, at the entry', async () => {
  const page = await newPage()
  await signIn(page)
  const rename = (name: string) => page.request.patch('/api/v1/accounts/demo', { data: { name } })
  expect((await rename('Honest Ltd')).ok()).toBe(true)
  const { items } = await (await page.request.get('/api/v1/accounts/demo/events?action=account.changed')).json()
  const verdict = page.getByRole('alert')
  const verify = async () => {
    await page.goto('/accounts/demo/activity')
    await page.getByRole('button', { name: 'Verify log' }).click()
  }
  const forge = async (bytes: string, others: string) => {
    await portcullis().stop()
    portcullis().forge(bytes, others)
    await portcullis().start()
  }
  await forge('Honest Ltd', 'Forged Ltd')
  await verify()
  await verdict.getByText(`The log was tampered with at entry ${items[0].seq}`).waitFor()
  await checkAccess(page, 'tampered log')
  await forge('Forged Ltd', 'Honest Ltd')
  await verify()
  await verdict.getByText(/Log intact/).waitFor()
  expect((await rename('Demo Company')).ok()).toBe(true)
})

it('a log whose end was not sealed by this installation is called cut short or rewritten', async () => {
  const page = await newPage()
  await signIn(page)
  const { head } = await (await page.request.get('/api/v1/accounts/demo/events/verify')).json()
  const verdict = page.getByRole('alert')
  const reseal = async (forged: (seal: string) => string) => {
    await portcullis().stop()
    const sealed = portcullis().find(new RegExp(`${head}[0-9a-f]{64}`))
    portcullis().forge(sealed, head + forged(sealed.slice(head.length)))
    await portcullis().start()
    await page.goto('/accounts/demo/activity')
    await page.getByRole('button', { name: 'Verify log' }).click()
  }
  const backwards = (seal: string) => [...seal].reverse().join('')
  await reseal(backwards)
  await verdict.getByText('The log was truncated or rewritten').waitFor()
  await checkAccess(page, 'log without its seal')
  await reseal(backwards)
  await verdict.getByText(/Log intact/).waitFor()
})

it('an address with a day that there is not shows the log, and one is typed as well as chosen', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/activity?from=abc&to=20261-11-01')
  await page.getByRole('link', { name: 'Signed in' }).first().waitFor()
  await page.getByLabel('Start date').pressSequentially('11012026')
  await page.waitForURL(/from=2026-11-01/)
  await page.getByRole('link', { name: 'Signed in' }).first().waitFor()
})

it('the names in the log lead to what somebody did and to what happened to somebody', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/activity?action=user.invited')
  const row = page.getByRole('row').filter({ hasText: 'bea@demo.example' })
  await row.getByRole('link', { name: 'User invited' }).click()
  const entry = page.getByRole('dialog', { name: 'Log entry' })
  const whom = entry.getByTitle(/^Show only entries about/).first()
  const name = await whom.innerText()
  await whom.click()
  await entry.waitFor({ state: 'detached' })
  await page.waitForURL(/action=user.invited.*target=/)
  await page.getByRole('button', { name: `Target: ${name}. Remove filter` }).waitFor()

  await page.goto('/accounts/demo/activity?action=session.started')
  await page.getByRole('link', { name: 'Signed in' }).first().click()
  await entry.getByTitle('Show only entries by ada@demo.example').click()
  await page.waitForURL(/actor=/)
  await entry.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Actor: ada@demo.example. Remove filter' }).waitFor()
})

it.each([
  ['the log', 'activity', 'Search the log'],
  ['users', 'users', 'Search by name or email'],
])('the search of %s keeps every letter and the focus', async (_, path, label) => {
  const page = await newPage()
  await signIn(page)
  await page.goto(`/accounts/demo/${path}?q=42`)
  const field = page.getByLabel(label)
  expect(await field.inputValue()).toBe('42')
  expect(await field.and(page.locator(':focus')).count(), 'an address steals no focus').toBe(0)
  await field.fill('')
  await field.pressSequentially('signed', { delay: 170 })
  await page.waitForURL(/q=signed/)
  expect(await field.inputValue()).toBe('signed')
  for (let letter = 0; letter < 6; letter++) await field.press('Backspace')
  await page.waitForURL((url) => !url.searchParams.has('q'))
  await field.and(page.locator(':focus')).waitFor()
  await page.goto(`/accounts/demo/${path}?q=one`)
  await expect.poll(() => field.inputValue()).toBe('one')
  await page.getByRole('button', { name: 'Clear filters' }).first().click()
  await expect.poll(() => field.inputValue()).toBe('')
})
