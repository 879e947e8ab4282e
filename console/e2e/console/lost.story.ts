import type { Page, Route } from 'playwright-core'
import { expect, it } from 'vitest'
import { newPage, signIn } from '../browser'

/** The server does it, and its answer never arrives. */
const loseAnswer = async (route: Route) => {
  await route.fetch()
  await route.abort()
}

const USERS = '**/api/v1/accounts/demo/users'

it('invitations whose answer got lost are sent once, and the second press shows what came of them', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  await page.getByLabel('Email addresses').fill('once@new.example')
  await page.keyboard.press('Enter')
  await page.getByText('1 ready').waitFor()
  await page.route(USERS, loseAnswer, { times: 1 })
  const invite = page.getByRole('button', { name: 'Invite 1 person' })
  await invite.click()
  await page
    .getByRole('alert')
    .getByText(/The server isn’t responding/)
    .waitFor()
  await invite.click()
  await page.getByText('1 person invited').waitFor()
  await expect.poll(() => mailsTo(page, 'once@new.example')).toBe(1)
})

it('one act is carried out when its preview is there, and once where its answer got lost', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?tab=invitations')
  const link = page.getByRole('link', { name: /@demo\.example$/ }).first()
  const email = await link.innerText()
  const before = await mailsTo(page, email)
  await link.click()
  await page.getByRole('button', { name: 'Actions' }).click()
  let show = () => {}
  const shown = new Promise<void>((resolve) => (show = resolve))
  await page.route(`${USERS}/*/resend?dry_run=true`, (route) => shown.then(() => route.continue()))
  await page.getByRole('menuitem', { name: 'Resend invitation' }).click()
  const dialog = page.getByRole('dialog', { name: 'Resend invitation' })
  const send = dialog.getByRole('button', { name: 'Resend invitation' })
  await send.waitFor()
  expect(await send.isDisabled(), 'before the preview came').toBe(true)
  show()
  await page.route(`${USERS}/*/resend?dry_run=false`, loseAnswer, { times: 1 })
  await send.click()
  await dialog.getByRole('alert').waitFor()
  await send.click()
  await page.getByText(/A new invitation to/).waitFor()
  await expect.poll(() => mailsTo(page, email)).toBe(before + 1)
})

/** How many mails to an address the development mode shows. */
const mailsTo = async (page: Page, email: string) =>
  (await (await page.request.get('/dev/mail')).text()).split(`to <strong>${email}<`).length - 1
