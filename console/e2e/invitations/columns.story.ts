import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { en } from '../../src/texts/en'
import { checkAccess } from '../access'
import { newPage, signIn } from '../browser'

const TABLE = 'Ana,ana@c.example,boss@c.example\nBob,bob@c.example,boss@c.example'

/** The dialog with a table of two addresses in a row, of which nobody knows the column yet. */
async function withTable() {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/users?invite=true')
  const dialog = page.getByRole('dialog')
  const box = dialog.getByLabel('Email addresses')
  const paste = async (text: string) => {
    await page.evaluate((text) => navigator.clipboard.writeText(text), text)
    await box.press('Control+v')
  }
  await paste(TABLE)
  const question = dialog.getByRole('radiogroup', { name: en.invite.whichColumn })
  await question.waitFor()
  return { page, dialog, paste, question }
}

const chips = (page: Page) =>
  page.getByRole('button', { name: /^Edit / }).evaluateAll((all) => all.map((chip) => chip.getAttribute('aria-label')))

it('the column that was chosen is that of its table: a list that follows is read without it, and nobody loses a name', async () => {
  const { page, dialog, paste, question } = await withTable()
  await question.getByRole('radio', { name: 'Column 2' }).check()
  await dialog.getByText('2 ready, 0 with problems').waitFor()
  await paste('carl@c.example, dana@c.example, eve@c.example')
  await dialog.getByText('5 ready, 0 with problems').waitFor()
  expect(await chips(page)).toEqual([
    'Edit "Ana" <ana@c.example>',
    'Edit "Bob" <bob@c.example>',
    'Edit carl@c.example',
    'Edit dana@c.example',
    'Edit eve@c.example',
  ])
  expect(await question.count(), 'it was answered').toBe(0)
})

it('another table asks for its own column, and no manager is invited by the answer to the first', async () => {
  const { page, dialog, paste, question } = await withTable()
  await question.getByRole('radio', { name: 'Column 2' }).check()
  await dialog.getByText('2 ready, 0 with problems').waitFor()
  await paste('Carl,boss2@c.example,carl@c.example\nDana,boss2@c.example,dana@c.example')
  await question.waitFor()
  await dialog.getByText(/^2 ready, [1-9]/).waitFor()
  expect(await question.getByRole('radio', { checked: true }).count(), 'nothing is chosen for it').toBe(0)
  await question.getByRole('radio', { name: 'Column 3' }).check()
  await dialog.getByText('4 ready, 0 with problems').waitFor()
  expect(await chips(page)).toContain('Edit "Carl" <carl@c.example>')
  expect((await chips(page)).join()).not.toContain('boss2')
})

it('what is added while the question is open waits for the answer, in its turn', async () => {
  const { page, dialog, paste, question } = await withTable()
  await paste('carl@c.example, dana@c.example, eve@c.example')
  await dialog.getByText(/1 line you added since then/).waitFor()
  await checkAccess(page, 'a list that waits for a column')
  await question.getByRole('radio', { name: 'Column 2' }).check()
  await dialog.getByText('5 ready, 0 with problems').waitFor()
  await dialog.getByRole('button', { name: 'Clear' }).click()
  await paste('zoe@c.example')
  await page.keyboard.press('Enter')
  await dialog.getByText('1 ready, 0 with problems').waitFor()
})

it('an edited chip leaves the others as they were read with the column', async () => {
  const { page, dialog, question } = await withTable()
  await question.getByRole('radio', { name: 'Column 2' }).check()
  await dialog.getByText('2 ready, 0 with problems').waitFor()
  await dialog.getByRole('button', { name: 'Edit "Bob" <bob@c.example>' }).dblclick()
  await dialog.getByText('1 ready, 0 with problems').waitFor()
  await page.keyboard.press('Enter')
  await dialog.getByText('2 ready, 0 with problems').waitFor()
  expect(await chips(page)).toEqual(['Edit "Ana" <ana@c.example>', 'Edit "Bob" <bob@c.example>'])
})
