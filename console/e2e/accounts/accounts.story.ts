import { beforeAll, expect, it } from 'vitest'
import { checkAccess } from '../access'
import { ADMIN, linkInNewestMail, newPage, portcullis, signIn } from '../browser'

const create = (name: string, slug: string) =>
  portcullis().run('account', 'create', name, '--admin', ADMIN.email, '--slug', slug)

beforeAll(() => create('Harbour Works', 'harbour'))

it('somebody with a sign-in joins a second account, finds both in the hub, and goes from one to the other', async () => {
  const page = await newPage()
  await page.goto(await linkInNewestMail(page, '/activate'))
  await page.getByRole('heading', { name: 'Welcome to Harbour Works' }).waitFor()
  await page.getByText(/Your password stays the same/).waitFor()
  await checkAccess(page, 'joining with a password that one has')
  await page.getByRole('button', { name: 'Activate my account' }).click()
  await page.getByText(/You’ve joined the account/).waitFor()

  await signIn(page)
  await page.goto('/')
  await page.getByText('You have access to 2 accounts.').waitFor()
  await checkAccess(page, 'hub with two accounts')
  await page.getByRole('link', { name: /Harbour Works/ }).click()
  await page.getByRole('tab', { name: /^Users 1/ }).waitFor()

  await page.getByRole('button', { name: 'Switch account: Harbour Works' }).click()
  await checkAccess(page, 'switch account', '[role="menu"]')
  await page.getByRole('menuitem', { name: /Demo Company/ }).click()
  await page.getByRole('tab', { name: /^Users 24/ }).waitFor()
  expect(page.url()).toContain('/accounts/demo/users')
  await page.getByRole('button', { name: 'Switch account: Demo Company' }).click()
  await page.getByRole('menuitem', { name: 'All accounts' }).click()
  await page.getByRole('heading', { name: 'Your accounts' }).waitFor()
})

it('the name in addresses of another account is refused at its field, in the server’s words', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/settings')
  const field = page.getByLabel('URL name')
  await field.fill('harbour')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await field.and(page.locator('[aria-invalid="true"]')).waitFor()
  await page.getByText('Another account already uses the URL name harbour. Choose a different one.').waitFor()
  await checkAccess(page, 'taken name')
  await field.fill('demo')
  await page.getByText(/is taken by another account/).waitFor({ state: 'detached' })
})

it('who accepts where they are signed in as themselves is in the new account at once', async () => {
  const page = await newPage()
  await signIn(page)
  await create('Lighthouse', 'lighthouse')
  await expect.poll(async () => (await page.request.get('/dev/mail')).text()).toContain('Lighthouse')
  await page.goto(await linkInNewestMail(page, '/activate'))
  await page.getByRole('heading', { name: 'Welcome to Lighthouse' }).waitFor()
  await page.getByText(/^You are signed in as .*ada@demo/).waitFor()
  await page.getByRole('button', { name: 'Activate my account' }).click()
  await page.getByRole('link', { name: /Lighthouse/ }).click()
  await page.getByRole('tab', { name: /^Users 1/ }).waitFor()
})
