import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { checkAccess } from '../access'
import { newPage, portcullis, signIn } from '../browser'

it('the log is searched, an entry shows before and after, and the chain is proved whole', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/activity')
  await page.getByRole('link', { name: 'Signed in' }).first().waitFor()
  await page.getByRole('button', { name: 'Verify' }).click()
  await page.getByText('The log is whole').waitFor()
  await checkAccess(page, 'verified log')

  await page.getByRole('button', { name: 'What' }).click()
  await page.getByRole('checkbox', { name: 'Invited', exact: true }).check()
  await page.keyboard.press('Escape')
  await page.waitForURL(/action=user.invited/)
  await page.getByRole('link', { name: 'Invited' }).first().click()
  await page.getByRole('dialog', { name: 'Entry of the log' }).getByText('After').first().waitFor()
  await checkAccess(page, 'entry')
})

it('what somebody did, and what was done to them, is shown by filters that can be taken away', async () => {
  const page = await newPage()
  await signIn(page)
  const users = await (await page.request.get('/api/v1/accounts/demo/users?q=bea')).json()
  const bea = users.items[0].id as string
  await page.goto(`/accounts/demo/activity?target=${bea}&actor=${bea}`)
  const [who, whom] = ['By whom', 'To what'].map((label) =>
    page.getByRole('button', { name: `${label}: bea@demo.example. Remove this filter` }),
  )
  await whom?.waitFor()
  await checkAccess(page, 'filters of the log')
  await who?.click()
  await page.waitForURL((url) => !url.searchParams.has('actor') && url.searchParams.get('target') === bea)
  await page.getByRole('link', { name: 'Invited' }).waitFor()
  await whom?.click()
  await page.waitForURL((url) => !url.searchParams.has('target'))
  await who?.waitFor({ state: 'detached' })
})

it('lines for verifying are the whole log, whatever is filtered', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/activity?action=user.invited')
  await page.getByRole('link', { name: 'Invited' }).first().waitFor()
  await page.getByRole('button', { name: 'Export' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: /^The whole log as JSON lines/ }).click()
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
    await page.getByRole('button', { name: 'More about this list' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: format }).click(),
    ])
    return readFile(await download.path(), 'utf8')
  }
  const [, ...lines] = (await take('As CSV')).trim().split(/\r?\n/)
  expect(lines.map((line) => /[^",]+@[^",]+/.exec(line)?.[0])).toEqual(wanted)
  const people = JSON.parse(await take('As JSON')) as { email: string }[]
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
    await page.getByRole('button', { name: 'Verify' }).click()
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
  await verdict.getByText(/The log is whole/).waitFor()
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
    await page.getByRole('button', { name: 'Verify' }).click()
  }
  const backwards = (seal: string) => [...seal].reverse().join('')
  await reseal(backwards)
  await verdict.getByText('The log was cut short or rewritten').waitFor()
  await checkAccess(page, 'log without its seal')
  await reseal(backwards)
  await verdict.getByText(/The log is whole/).waitFor()
})

it('an address with a day that there is not shows the log, and one is typed as well as chosen', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/activity?from=abc&to=20261-11-01')
  await page.getByRole('link', { name: 'Signed in' }).first().waitFor()
  await page.getByLabel('From this day').pressSequentially('11012026')
  await page.waitForURL(/from=2026-11-01/)
  await page.getByRole('link', { name: 'Signed in' }).first().waitFor()
})

it('the names in the log lead to what somebody did and to what happened to somebody', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/activity?action=user.invited')
  const row = page.getByRole('row').filter({ hasText: 'bea@demo.example' })
  await row.getByRole('link', { name: 'Invited' }).click()
  const entry = page.getByRole('dialog', { name: 'Entry of the log' })
  const whom = entry.getByTitle(/^Show only what happened to/).first()
  const name = await whom.innerText()
  await whom.click()
  await entry.waitFor({ state: 'detached' })
  await page.waitForURL(/action=user.invited.*target=/)
  await page.getByRole('button', { name: `To what: ${name}. Remove this filter` }).waitFor()

  await page.goto('/accounts/demo/activity?action=session.started')
  await page.getByRole('link', { name: 'Signed in' }).first().click()
  await entry.getByTitle('Show only what ada@demo.example did').click()
  await page.waitForURL(/actor=/)
  await entry.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'By whom: ada@demo.example. Remove this filter' }).waitFor()
})

it.each([
  ['the log', 'activity', 'Search the log'],
  ['users', 'users', 'Search name or e-mail'],
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
