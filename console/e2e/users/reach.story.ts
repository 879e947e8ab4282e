import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { de } from '../../src/texts/de'
import { en } from '../../src/texts/en'
import { ADMIN, newPage, settled, signIn, signInReading } from '../browser'

const SAM = { ...ADMIN, email: 'sam@demo.example' }
const USERS = '/api/v1/accounts/demo/users'

/** What was asked about somebody who cannot be seen. */
function notFoundOf(page: Page) {
  const asked: string[] = []
  page.on('response', (answer) => answer.status() === 404 && asked.push(answer.url()))
  return asked
}

/** Invites people who have the systems that Sam manages, and no others; gives the ids of these systems. */
async function shareSystemsWith(emails: string) {
  const [ada, sam] = [await newPage(), await newPage()]
  await Promise.all([signIn(ada), signIn(sam, SAM)])
  const { items } = await (await sam.request.get('/api/v1/accounts/demo/systems?limit=200')).json()
  const systems = (items as { id: string; name: string }[]).slice(0, 1)
  const data = { emails, role_id: 'content_viewer', systems: systems.map(({ id }) => id) }
  expect((await ada.request.post(USERS, { data })).ok(), 'Ada invites').toBe(true)
  return systems.map(({ name }) => name)
}

it.each([
  ['in English', en, 'alone'],
  ['in German', de, 'allein'],
] as const)(
  'who takes away the last system shared with somebody is told that they see them no more, %s',
  async (_, t, who) => {
    const [system = ''] = await shareSystemsWith(`${who}@reach.example`)
    const page = await newPage()
    await signInReading(page, t, SAM)
    const missing = notFoundOf(page)
    await page.goto(`/accounts/demo/users?tab=invitations&q=${who}@reach`)
    await page.getByRole('link', { name: `${who}@reach.example` }).click()
    const drawer = page.getByRole('dialog', { name: t.user.title })
    await drawer.getByText(system).first().waitFor()
    await drawer.getByRole('combobox', { name: t.users.systems }).or(drawer.getByLabel(t.users.systems)).last().focus()
    await page.keyboard.press('Backspace')
    // The list of systems closes, so that nothing lies over the button.
    await page.keyboard.press('Tab')
    await drawer.getByRole('button', { name: t.common.save }).click()
    const preview = page.getByRole('dialog', { name: t.user.changeTitle })
    await preview.getByText(t.impact.unseen_one.replace('{{count}}', '1')).waitFor()
    await preview.getByRole('button', { name: t.common.save }).click()
    await page.getByText(t.common.saved, { exact: true }).waitFor()
    await drawer.waitFor({ state: 'detached' })
    await page.getByText(t.users.noMatchTitle).waitFor()
    await settled(page)
    expect(await page.getByRole('button', { name: t.common.undo }).count(), 'nobody undoes what is out of reach').toBe(
      0,
    )
    expect(new URL(page.url()).searchParams.get('user')).toBe(null)
    expect(missing).toEqual([])
  },
)

it('the same is said for many, and no way back is offered that would be refused', async () => {
  const [system = ''] = await shareSystemsWith('one@many.example, two@many.example')
  const page = await newPage()
  await signInReading(page, en, SAM)
  const missing = notFoundOf(page)
  await page.goto('/accounts/demo/users?tab=invitations&q=many.example')
  await page.getByRole('link', { name: 'one@many.example' }).waitFor()
  await page.getByLabel(en.users.selectPage).check()
  const bar = page.getByRole('region', { name: en.users.selection })
  await bar.getByRole('button', { name: en.bulk.remove_systems }).click()
  const dialog = page.getByRole('dialog', { name: en.bulk.title_remove_systems })
  await dialog.getByRole('combobox').or(dialog.getByLabel(en.users.systems)).last().fill(system)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await dialog.getByText('You will no longer see 2 users').waitFor()
  await dialog.getByRole('button', { name: en.bulk.remove_systems }).click()
  await page.getByText(en.bulk.done_remove_systems_other.replace('{{count}}', '2')).waitFor()
  await page.getByText(en.users.noMatchTitle).waitFor()
  expect(await page.getByRole('button', { name: en.common.undo }).count()).toBe(0)
  expect(missing).toEqual([])
})

it('an invitation that was revoked leaves nothing behind: the drawer closes, and nothing is asked of nobody', async () => {
  const page = await newPage()
  await signIn(page)
  const data = { emails: 'gone@revoked.example', role_id: 'content_viewer' }
  expect((await page.request.post(USERS, { data })).ok()).toBe(true)
  const missing = notFoundOf(page)
  await page.goto('/accounts/demo/users?tab=invitations&q=gone@revoked')
  await page.getByRole('link', { name: 'gone@revoked.example' }).click()
  const drawer = page.getByRole('dialog', { name: 'User' })
  await drawer.getByRole('button', { name: en.user.actions }).click()
  await page.getByRole('menuitem', { name: en.user.act_revoke }).click()
  const dialog = page.getByRole('dialog', { name: en.user.act_revoke })
  await dialog.getByRole('button', { name: en.user.act_revoke }).click()
  await page.getByText(/^Invitation for .* revoked/).waitFor()
  await drawer.waitFor({ state: 'detached' })
  await page.getByText(en.users.noMatchTitle).waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('content')
  expect(new URL(page.url()).searchParams.get('user')).toBe(null)
  expect(missing).toEqual([])
})
