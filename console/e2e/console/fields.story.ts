import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { Texts } from '../../src/texts/texts'
import { de } from '../../src/texts/de'
import { en } from '../../src/texts/en'
import { checkAccess } from '../access'
import {
  ADMIN,
  LANGUAGES,
  freshServer,
  isClear,
  linkInNewestMail,
  newPage,
  resetLink,
  signIn,
  signInReading,
} from '../browser'

const SETTINGS = '/accounts/demo/settings'

/** A time of the settings: its number and its unit. */
const span = (page: Page, t: Texts, key: 'sessions/idle_timeout_seconds' | 'sessions/max_length_seconds') => ({
  amount: page.getByLabel(t.settingWords[key], { exact: true }),
  unit: page.getByLabel(`${t.settingWords[key]}: ${t.settings.unit}`),
})
const save = (page: Page, t: Texts) => page.getByRole('button', { name: t.common.save })

it.each(LANGUAGES)('Discard puts a time back as it was, unit and all, %s', async (_, t, who) => {
  const page = await newPage()
  await signInReading(page, t, who)
  await page.goto(SETTINGS)
  const { amount, unit } = span(page, t, 'sessions/idle_timeout_seconds')
  await amount.waitFor()
  const before = [await amount.inputValue(), await unit.inputValue()]
  expect(before).toEqual(['1', '86400'])
  await unit.selectOption(t.settings.minutes)
  await amount.fill('30')
  await page.getByRole('button', { name: t.settings.discard }).click()
  expect([await amount.inputValue(), await unit.inputValue()]).toEqual(before)
  await amount.fill('2')
  await page.getByRole('button', { name: t.settings.discard }).click()
  expect([await amount.inputValue(), await unit.inputValue()]).toEqual(before)
})

it.each(LANGUAGES)('an emptied time is empty until something is typed, and is not saved, %s', async (_, t, who) => {
  const page = await newPage()
  await signInReading(page, t, who)
  await page.goto(SETTINGS)
  const { amount, unit } = span(page, t, 'sessions/idle_timeout_seconds')
  await unit.selectOption(t.settings.hours)
  await amount.fill('')
  expect(await amount.inputValue()).toBe('')
  await save(page, t).click()
  await amount.and(page.locator(':focus:invalid')).waitFor()
  await amount.pressSequentially('12')
  expect([await amount.inputValue(), await unit.inputValue()]).toEqual(['12', '3600'])
  await page.getByRole('button', { name: t.settings.discard }).click()
  expect(await amount.inputValue()).toBe('1')
})

it.each(LANGUAGES)('a setting out of its range says which it has, as people say it, %s', async (_, t, who) => {
  const page = await newPage()
  await signInReading(page, t, who)
  await page.goto(SETTINGS)
  const german = t === de
  const { amount, unit } = span(page, t, 'sessions/idle_timeout_seconds')
  await unit.selectOption(t.settings.minutes)
  await amount.fill('1')
  await page.getByLabel(t.settingWords['passwords/min_length']).fill('70000')
  await page.getByLabel(t.settingWords['passwords/min_special']).fill('-5')
  await save(page, t).click()
  // A number that is none of the API stands in the way of the others.
  await page.getByText(german ? 'Möglich sind 10 bis 128.' : 'Enter a value from 10 to 128.').waitFor()
  await page.getByLabel(t.settingWords['passwords/min_length']).fill('5')
  await page.getByLabel(t.settingWords['passwords/min_special']).fill('9')
  await save(page, t).click()
  for (const words of german
    ? ['5 Minuten bis 30 Tage', '10 bis 128', '1 bis 8']
    : ['5 minutes to 30 days', '10 to 128', '1 to 8'])
    await page.getByText(words).waitFor()
  await checkAccess(page, 'ranges')
  await page.getByRole('button', { name: t.settings.discard }).click()
  const longest = span(page, t, 'sessions/max_length_seconds')
  await longest.unit.selectOption(t.settings.hours)
  await longest.amount.fill('2')
  await save(page, t).click()
  await page
    .getByText(german ? /^Länger als „Maximale Sitzungsdauer“/ : /is longer than “Maximum session length”/)
    .waitFor()
  expect(await page.locator('form').innerText()).not.toMatch(/_seconds|\d{4,}/)
})

it.each([
  [1280, en],
  [390, de],
] as const)('whatever is refused is gone to, and stands clear of the bar with Save, %s wide', async (width, t) => {
  const page = await newPage({ width })
  await signInReading(page, t)
  await page.goto(SETTINGS)
  const { amount, unit } = span(page, t, 'sessions/max_length_seconds')
  await unit.selectOption(t.settings.minutes)
  await amount.fill('1')
  await page.getByLabel(t.settingWords['passwords/min_length']).fill('5')
  for (const place of [0, 100_000]) {
    await page.evaluate((top) => window.scrollTo(0, top), place)
    await save(page, t).click()
    const wrong = page.locator('.mantine-InputWrapper-error').first()
    await wrong.waitFor()
    await page.locator('[aria-invalid="true"]').first().and(page.locator(':focus')).waitFor()
    await expect.poll(() => isClear(wrong)).toBe(true)
    await expect.poll(() => isClear(page.locator('.mantine-InputWrapper-root:has(:focus)').last())).toBe(true)
  }
  // What the browser itself asks for is in sight as well.
  await page.getByRole('textbox', { name: t.settings.name, exact: true }).fill('')
  await page.evaluate(() => window.scrollTo(0, 100_000))
  await save(page, t).click()
  await page.locator('input:focus:invalid').waitFor()
  await expect.poll(() => isClear(page.locator(':focus'))).toBe(true)
})

it.each([1280, 390])('what is said for a moment never lies over Save, %s wide', async (width) => {
  const page = await newPage({ width })
  await signInReading(page, en)
  const toast = page.locator('.mantine-Notification-root')
  const saved = async (name: string) => {
    // The word that is shown may be that of the save before.
    const answer = page.waitForResponse(
      (response) => response.request().method() === 'PATCH' && !response.url().includes('dry_run=true'),
    )
    await page.getByRole('button', { name }).last().click()
    await answer
    await toast.last().waitFor()
  }
  await page.goto(SETTINGS)
  await page.getByLabel('Warn only').check()
  await saved('Save changes')
  await page.getByLabel('Block new invitations').check()
  for (const name of ['Save changes', 'Discard']) expect(await isClear(page.getByRole('button', { name }))).toBe(true)
  await saved('Save changes')

  await page.goto('/accounts/demo/users?q=bea')
  await page.getByRole('link', { name: 'bea@demo.example' }).click()
  const drawer = page.getByRole('dialog', { name: 'User' })
  await drawer.getByLabel('Name', { exact: true }).fill('Bea B.')
  await saved('Save changes')
  await drawer.getByLabel('Name', { exact: true }).fill('Bea Builder')
  for (const name of ['Save changes', 'Discard']) {
    const button = drawer.getByRole('button', { name })
    await button.scrollIntoViewIfNeeded()
    expect(await isClear(button), name).toBe(true)
  }
  await saved('Save changes')
})

it('what was saved is said in the language that was chosen with it', async () => {
  const page = await newPage()
  await signIn(page, { ...ADMIN, email: 'hiro@demo.example' })
  await page.goto('/profile')
  for (const [now, next, locale] of [
    [en, de, 'de'],
    [de, en, 'en'],
  ] as const) {
    await page.getByLabel(now.common.chooseLanguage).last().selectOption(locale)
    await save(page, now).click()
    await page.locator('.mantine-Notification-root').getByText(next.common.saved, { exact: true }).waitFor()
  }
})

const REASONS = {
  en: [
    'too short. Use at least 10 characters',
    'too few special characters. Use at least 1',
    'appeared in a data breach',
  ],
  de: [
    'zu kurz. Verwenden Sie mindestens 10 Zeichen',
    'zu wenige Sonderzeichen. Verwenden Sie mindestens 1',
    'Dieses Passwort ist aus Datenlecks bekannt',
  ],
}

/** Chooses a password that is refused for three reasons, and finds the rules and all reasons. */
async function chooseBadly(page: Page, t: Texts, label: string, press: string) {
  const field = page.getByRole('textbox', { name: new RegExp(`^${label}`) })
  const rules = page.getByRole('list', { name: t.session.strength })
  await rules.getByText(t.session.ruleLength.replace('{{count}}', '10')).waitFor()
  await field.fill('password')
  await page.getByRole('button', { name: press }).click()
  for (const reason of REASONS[t === de ? 'de' : 'en']) await page.getByText(reason).waitFor()
  await field.and(page.locator(':focus')).waitFor()
  await checkAccess(page, `password refused: ${press}`)
}

it.each(LANGUAGES)(
  'a refused password says everything that is wrong with it, wherever it is chosen, %s',
  async (_, t, who) => {
    const locale = t === de ? 'de' : 'en'
    const page = await newPage({ locale })
    await signInReading(page, t, who)
    await page.goto('/profile')
    await page.getByRole('textbox', { name: new RegExp(`^${t.profile.currentPassword}`) }).fill(who.password)
    await chooseBadly(page, t, t.session.newPassword, t.profile.changePassword)

    const data = { emails: `new-${locale}@fields.example`, role_id: 'builder' }
    expect((await page.request.post('/api/v1/accounts/demo/users', { data })).ok()).toBe(true)
    const activation = await linkInNewestMail(page, '/activate')
    const stranger = await newPage({ locale })
    await stranger.goto(activation)
    await stranger.getByLabel(t.session.name).fill('New')
    await chooseBadly(stranger, t, t.session.password, t.session.activate)

    await stranger.goto(await resetLink(stranger, 'bea@demo.example'))
    await chooseBadly(stranger, t, t.session.newPassword, t.session.setPassword)
  },
)

it.each(LANGUAGES)('so it does where an installation is set up, %s', async (_, t) => {
  const { base, link } = await freshServer()
  const page = await newPage({ base, locale: t === de ? 'de' : 'en' })
  await page.goto(link)
  await page.getByLabel(t.session.companyName).fill('Acme')
  await page.getByLabel(new RegExp(`^${t.session.name}`)).fill('Ana')
  await page.getByLabel(t.session.email).fill('ana@acme.example')
  await chooseBadly(page, t, t.session.password, t.session.setup)
})
