import { expect, it } from 'vitest'
import { checkAccess } from '../access'
import { freshServer, newPage } from '../browser'

it('the first run of an installation ends on the page of its first admin, in the language of their browser', async () => {
  const { base, link } = await freshServer()
  const page = await newPage({ base, locale: 'de' })
  await page.goto(link)
  await page.getByLabel('Firmenname').fill('Harbour Works')
  await page.getByLabel('Ihr Name').fill('Hanna Harbour')
  await page.getByLabel('E-Mail').fill('hanna@harbour.example')
  expect(await page.getByLabel('E-Mail').getAttribute('autocomplete')).toBe('username')
  await checkAccess(page, 'setup')
  await page.getByRole('textbox', { name: /^Passwort/ }).fill('quiet-harbour-lantern-92')
  await page.getByRole('button', { name: 'Konto erstellen' }).click()
  await page.getByRole('link', { name: /Harbour Works/ }).click()
  await page.getByRole('tab', { name: /^Benutzer 1/ }).waitFor()

  await page.goto(link)
  await page.getByRole('heading', { name: 'Dieser Link wurde bereits verwendet' }).waitFor()
})
