import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { de } from '../../src/texts/de'
import { en } from '../../src/texts/en'
import { checkAccess } from '../access'
import { ADMIN, LANGUAGES, linkInNewestMail, newPage, openUser, settled, signIn, signInReading } from '../browser'

const ALMA = { ...ADMIN, email: 'alma@demo.example' }
const NEXT = { ...ADMIN, email: 'sam@demo.example' }

/** What changes something. */
function changesOf(page: Page) {
  const sent: string[] = []
  page.on('request', (request) => request.method() === 'PATCH' && sent.push(request.url()))
  return sent
}

/** Signs in on the page for it, in another tab of the same browser. */
async function signInInAnotherTab(page: Page, email: string) {
  const other = await page.context().newPage()
  await other.goto('/sign-in?other=true')
  await other.getByLabel(/^e-?mail/i).fill(email)
  await other.keyboard.press('Enter')
  await other.locator('input[type="password"]').fill(ADMIN.password)
  await other.keyboard.press('Enter')
  await other.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  return other
}

it.each(LANGUAGES)(
  'a page whose person was replaced in another tab is covered, and sends nothing in the new name, %s',
  async (_, t, who) => {
    const page = await newPage({ locale: t === de ? 'de' : 'en' })
    await signInReading(page, t, who)
    await page.goto('/accounts/demo/users?q=bea')
    await page.getByRole('link', { name: 'bea@demo.example' }).click()
    const drawer = page.getByRole('dialog', { name: t.user.title })
    const name = drawer.getByLabel(t.users.column_name, { exact: true })
    await name.fill('Somebody typed this')
    const sent = changesOf(page)
    await signInInAnotherTab(page, NEXT.email)
    const cover = page.getByRole('dialog', { name: t.session.somebodyElse.replace('{{email}}', NEXT.email) })
    await cover.getByText(who.email).waitFor()
    await checkAccess(page, 'a page whose person was replaced')
    await page.keyboard.press('Escape')
    await name.evaluate((field) => (field as HTMLInputElement).form?.requestSubmit())
    await cover.waitFor()
    expect(sent).toEqual([])
    await cover.getByRole('button', { name: t.common.reload }).click()
    await page.getByRole('button', { name: /Sam/ }).waitFor()
    expect(sent).toEqual([])
  },
)

it('a tab that knows nothing of the other sign-in is covered as soon as one comes back to it', async () => {
  const page = await newPage()
  await signIn(page)
  await openUser(page, 'bea')
  await settled(page)
  // Without the console of that tab, nobody tells this one.
  await signIn(page, ALMA)
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')))
  await page.getByRole('dialog', { name: `You are now signed in as ${ALMA.email}` }).waitFor()
})

it('what covers a page stays true whatever happens in the other tab', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/roles')
  await settled(page)
  const other = await signInInAnotherTab(page, NEXT.email)
  const covered = (title: string) => page.getByRole('dialog', { name: title }).waitFor()
  await covered(en.session.somebodyElse.replace('{{email}}', NEXT.email))
  await other.goto('/profile')
  await other.getByRole('button', { name: /Menu of/ }).click()
  await other.getByRole('menuitem', { name: en.shell.signOut }).click()
  await other.waitForURL(/sign-in/)
  await covered(en.session.why_left)
  await signInInAnotherTab(page, ALMA.email)
  await covered(en.session.somebodyElse.replace('{{email}}', ALMA.email))
})

it('a tab at the sign-in page goes on where it was to go, once its browser is signed in', async () => {
  const page = await newPage()
  const roles = '/accounts/demo/roles'
  await page.goto(roles)
  await page.waitForURL(/sign-in/)
  const address = page.url()
  await page.getByRole('button', { name: en.session.next }).waitFor()
  await signInInAnotherTab(page, ADMIN.email)
  await page.waitForURL(`**${roles}`)
  // Also when it is opened, or loaded again, only then.
  await page.goto(address)
  await page.waitForURL(`**${roles}`)
  await page.goto('/sign-in?other=true')
  await page.getByRole('button', { name: en.session.next }).waitFor()
  await settled(page)
  expect(page.url()).toContain('/sign-in')
})

it('what somebody typed into their profile is never saved into that of who is signed in by then', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/profile')
  await page.getByLabel(en.session.name).fill('Typed by Ada')
  // Without the console, so that nothing tells this tab.
  await signIn(page, ALMA)
  await page.getByRole('button', { name: en.common.save }).click()
  await page.getByRole('dialog', { name: `You are now signed in as ${ALMA.email}` }).waitFor()
  expect((await (await page.request.get('/api/v1/me')).json()).name).toBe('Alma Deputy')
})

it('a tab hears of it when its person signs out or in again in another one', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  await page.getByLabel(en.invite.message).fill('A draft')
  const other = await page.context().newPage()
  await other.goto('/profile')
  await other.getByRole('button', { name: /Menu of/ }).click()
  await other.getByRole('menuitem', { name: en.shell.signOut }).click()
  await other.waitForURL(/sign-in/)
  const again = page.getByRole('dialog', { name: en.session.expiredTitle })
  await again.waitFor()
  await signInInAnotherTab(page, ADMIN.email)
  await again.waitFor({ state: 'detached' })
  expect(await page.getByLabel(en.invite.message).inputValue()).toBe('A draft')
})

it('whoever loads the page again over an invitation that is not sent is asked first', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  const asked: string[] = []
  page.on('dialog', (dialog) => {
    asked.push(dialog.type())
    void dialog.accept()
  })
  await page.getByLabel(en.invite.message).waitFor()
  await page.reload()
  await page.getByLabel(en.invite.message).fill('A draft')
  expect(asked, 'nothing was typed').toEqual([])
  await page.reload()
  await page.getByLabel(en.invite.message).waitFor()
  expect(asked).toEqual(['beforeunload'])
})

it('a browser that does not keep the sign-in is told so', async () => {
  const page = await newPage()
  await page.route('**/api/v1/sign-in/password', async (route) => {
    const answer = await route.fetch()
    const headers = Object.fromEntries(Object.entries(answer.headers()).filter(([name]) => name !== 'set-cookie'))
    await route.fulfill({ response: answer, headers })
    await page.context().clearCookies()
  })
  await page.route('**/api/v1/me', async (route) => {
    await page.context().clearCookies()
    await route.continue()
  })
  await page.goto('/sign-in')
  await page.getByLabel(en.session.email).fill(ADMIN.email)
  await page.keyboard.press('Enter')
  await page.locator('input[type="password"]').fill(ADMIN.password)
  await page.keyboard.press('Enter')
  await page.getByText(en.session.notKept).waitFor()
})

it('of two invitations of one new person, the second asks for no password any more when the first was accepted', async () => {
  const [page, guest] = [await newPage(), await newPage()]
  await signIn(page)
  const links: string[] = []
  // Two accounts are not needed: the server asks for no password where the person has got one by now.
  const data = { emails: 'late@two.example', role_id: 'content_viewer' }
  expect((await page.request.post('/api/v1/accounts/demo/users', { data })).ok()).toBe(true)
  links.push(await linkInNewestMail(page, '/activate'))
  let isAccepted = false
  await guest.route(/\/api\/v1\/activations\/[^/]+$/, async (route) => {
    if (route.request().method() === 'GET') {
      const answer = await route.fetch()
      const json = await answer.json()
      return route.fulfill({ json: isAccepted ? { ...json, password_needed: false } : json })
    }
    isAccepted = true
    const part = { pointer: '/password', code: 'field_not_allowed', detail: 'you have a sign-in already' }
    const problem = {
      type: 'about:blank',
      title: '',
      status: 422,
      code: 'validation_failed',
      detail: 'no',
      request_id: '',
    }
    const json = { ...problem, errors: [part] }
    return route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify(json) })
  })
  await guest.goto(links[0] ?? '')
  await guest.getByLabel(en.session.name).fill('Late Comer')
  await guest.getByRole('textbox', { name: /^Password/ }).fill('quiet-harbour-lantern-92')
  await guest.getByRole('button', { name: en.session.activate }).click()
  await guest.getByRole('alert').getByText(en.session.keepsPassword).waitFor()
  expect(await guest.getByRole('textbox', { name: /^Password/ }).count()).toBe(0)
})
