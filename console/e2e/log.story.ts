import { expect, it } from 'vitest'
import { actions } from '../src/api/generated/actions'
import type { Texts } from '../src/texts'
import { checkAccess } from './access'
import { LANGUAGES, newPage, settled, signIn, signInReading } from './browser'

const LOG = '/accounts/demo/activity'

it.each(LANGUAGES)(
  'the log is filtered by everything that can happen, failed sign-ins too, %s',
  async (_, t: Texts, who) => {
    const page = await newPage()
    await signInReading(page, t, who)
    await page.goto(LOG)
    await page.getByRole('button', { name: t.activity.what, exact: true }).click()
    await page.getByRole('checkbox').first().waitFor()
    const words = (await page.getByRole('checkbox').all()).map((box) =>
      box.evaluate((input) => input.closest('label, div')?.parentElement?.innerText ?? ''),
    )
    expect(words.length).toBe(actions.length)
    expect(
      (await Promise.all(words)).filter((text) => /[a-z]\.[a-z]/.test(text)),
      'none is a word of the API',
    ).toEqual([])
    // Enter takes the first that fits.
    await page
      .getByRole('textbox', { name: `${t.activity.what}: ${t.common.search}` })
      .fill(t.activity.action_sign_in_failed)
    await page.keyboard.press('Enter')
    await page.waitForURL(/action=sign_in.failed/)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: `${t.activity.what}: ${t.activity.action_sign_in_failed}` }).waitFor()
  },
)

it('a row of the log opens wherever it is clicked, as it says under the mouse', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto(LOG)
  const row = page.getByRole('row').nth(2)
  const cell = row.getByRole('cell').first()
  await cell.waitFor()
  expect(await cell.evaluate((element) => getComputedStyle(element).cursor)).toBe('pointer')
  await cell.click()
  await page.waitForURL(/entry=evt_/)
  const entry = page.getByRole('dialog', { name: 'Entry of the log' })
  await entry.waitFor()
  await page.keyboard.press('Escape')
  await entry.waitFor({ state: 'detached' })
  // A name in it still leads to its own.
  await row
    .getByTitle(/^Show only what/)
    .first()
    .click()
  await page.waitForURL((url) => /actor=|target=/.test(url.search) && !url.searchParams.has('entry'))

  await page.goto('/accounts/demo/roles')
  await page
    .getByRole('row', { name: /Builder/ })
    .getByRole('cell')
    .nth(1)
    .click()
  await page.getByRole('dialog', { name: 'Builder' }).waitFor()
})

it.each(LANGUAGES)('the last day is not before the first one, %s', async (_, t: Texts, who) => {
  const page = await newPage()
  await signInReading(page, t, who)
  await page.goto(`${LOG}?from=2026-11-10`)
  const [from, to] = [page.getByLabel(t.activity.from), page.getByLabel(t.activity.to)]
  await to.fill('2026-11-01')
  await page.getByText(t.activity.toBeforeFrom).waitFor()
  await checkAccess(page, 'a range that ends before it begins')
  await to.fill('2026-11-12')
  await page.waitForURL(/to=2026-11-12/)
  expect(await page.getByText(t.activity.toBeforeFrom).count()).toBe(0)
  await page.goto(`${LOG}?from=2026-11-30&to=2026-11-01`)
  await expect.poll(() => from.inputValue()).toBe('2026-11-01')
  expect(await to.inputValue()).toBe('2026-11-30')
  const wrong = await page.request.get('/api/v1/accounts/demo/events?from=2026-11-30T00:00:00Z&to=2026-11-01T00:00:00Z')
  expect([wrong.status(), (await wrong.json()).errors[0].pointer]).toEqual([422, 'to'])
})

it('fingers find everything in the log on a small telephone', async () => {
  const page = await newPage({ width: 360 })
  await signIn(page)
  await page.goto(LOG)
  await settled(page)
  // The way past the navigation has its size when it is there, with the focus.
  const small = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('a:not([href="#content"]), button, [role="button"], [role="tab"]')]
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        .filter(
          ({ element, box }) =>
            box.width > 1 &&
            (box.height < 24 || box.width < 24) &&
            element.checkVisibility({ visibilityProperty: true }),
        )
        .map(
          ({ element, box }) =>
            `${element.textContent?.slice(0, 30)}: ${Math.round(box.width)} × ${Math.round(box.height)}`,
        ),
    )
  expect(await small()).toEqual([])
  await page.getByRole('row').nth(1).getByRole('cell').first().click()
  await page.getByRole('dialog').getByText('Hash').waitFor()
  await settled(page)
  expect(await small()).toEqual([])
})
