import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, it } from 'vitest'
import { checkAccess } from './access'
import { newPage } from './browser'
import { Portcullis } from './portcullis'

const KEY = 'ab'.repeat(32)

it('the first run of an installation ends on the page of its first admin, in the language of their browser', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'portcullis-fresh-'))
  const fresh = await Portcullis.start(directory, (base) => ({
    PORTCULLIS__SERVER__PUBLIC_URL: base,
    PORTCULLIS__SECURITY__SECRET_KEY: KEY,
  }))
  onTestFinished(async () => {
    await fresh.stop()
    rmSync(directory, { recursive: true, force: true })
  })
  const link = /http\S+\/setup\/\S+/.exec(fresh.output)?.[0] ?? ''
  const page = await newPage({ base: fresh.base, locale: 'de' })
  await page.goto(link)
  await page.getByLabel('Name Ihrer Firma').fill('Harbour Works')
  await page.getByLabel('Ihr Name').fill('Hanna Harbour')
  await page.getByLabel('E-Mail').fill('hanna@harbour.example')
  await checkAccess(page, 'setup')
  await page.getByRole('textbox', { name: /^Passwort/ }).fill('quiet-harbour-lantern-92')
  await page.getByRole('button', { name: 'Konto anlegen' }).click()
  await page.getByRole('link', { name: /Harbour Works/ }).click()
  await page.getByRole('tab', { name: /^Benutzer 1/ }).waitFor()

  await page.goto(link)
  await page.getByRole('heading', { name: 'Dieser Link gilt nicht mehr' }).waitFor()
})
