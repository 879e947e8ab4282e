import { expect, it } from 'vitest'
import { checkAccess, checkFits } from '../access'
import { newPage, openUser, signIn } from '../browser'

const MARKUP = '<img src=x onerror=alert(1)><script>alert(2)</script> & "quotes" {{t}}'
const NAMES = {
  markup: MARKUP,
  arabic: 'عبدالرحمن بن محمد الأنصاري '.repeat(8).trim().slice(0, 200),
  'one long word': 'W'.repeat(200),
  emoji: '👩🏽‍🚀👨‍👩‍👧‍👦🏳️‍🌈 Zoë 🧑🏿‍🚒',
}

for (const [kind, name] of Object.entries(NAMES)) {
  it(`a name of ${kind} is shown as it is, and the layout holds`, async () => {
    const page = await newPage()
    await signIn(page)
    const drawer = await openUser(page, 'giulia')
    await drawer.getByLabel('Name', { exact: true }).fill(name)
    await drawer.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    await page.getByRole('cell').filter({ hasText: name }).waitFor()
    await checkAccess(page, `drawer with ${kind}`)
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 })
      await page.reload()
      await drawer.getByRole('tab').first().waitFor()
      await checkFits(page, `${kind} at ${width}`)
      const [inner, outer] = await drawer.evaluate((element) => [element.scrollWidth, element.clientWidth] as const)
      expect(inner, `${kind} in the drawer at ${width}`).toBeLessThanOrEqual(outer)
    }
  })
}

it('a name from right to left keeps to itself in sentences', async () => {
  const page = await newPage()
  await signIn(page)
  const name = 'عبد الرحمن (مدير)'
  const { items } = await (await page.request.get('/api/v1/accounts/demo/users?q=emeka')).json()
  await page.request.patch(`/api/v1/accounts/demo/users/${items[0].id}`, {
    data: { name },
    headers: { 'If-Match': '*' },
  })
  await page.goto(`/accounts/demo/users?user=${items[0].id}`)
  await page.getByRole('dialog', { name: 'User' }).getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Disable' }).click()
  const dialog = page.getByRole('dialog', { name: 'Disable' })
  await dialog.getByText(`\u2068${name}\u2069 loses access`).waitFor()
  await dialog.getByRole('button', { name: 'Disable' }).click()
  await page.getByText(`\u2068${name}\u2069 was disabled.`).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Undone').waitFor()
})

it('signs that cannot be seen are refused at the field', async () => {
  const page = await newPage()
  await signIn(page)
  const drawer = await openUser(page, 'giulia')
  const name = drawer.getByLabel('Name', { exact: true })
  await name.fill('Giu\u200blia\u202e Rossi')
  await drawer.getByRole('button', { name: 'Save changes' }).click()
  await name.and(drawer.locator('[aria-invalid="true"]')).waitFor()
  await drawer.getByText('The name contains an invisible character. Type it instead of pasting it.').waitFor()
  await checkAccess(page, 'refused name')
  await page.getByText('Saved', { exact: true }).waitFor({ state: 'detached' })
})
