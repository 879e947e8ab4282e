import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { checkAccess } from '../access'
import { newPage, signIn } from '../browser'

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')

const choose = (page: Page, name: string, buffer: Buffer) =>
  page.locator('input[type="file"]').setInputFiles({ name, mimeType: 'image/png', buffer })

const logo = (page: Page) => page.getByRole('button', { name: /Switch account/ }).locator('img')

/** The width of the image beside the name of the account, once it is there. */
const drawn = async (page: Page) => {
  const image = logo(page)
  await image.waitFor()
  return image.evaluate((element: HTMLImageElement) => element.decode().then(() => element.naturalWidth))
}

it('an account gets its own logo, which everybody in it sees, and loses it again', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto('/accounts/demo/settings')
  await page.getByRole('button', { name: 'Logo' }).waitFor()
  await choose(page, 'logo.png', SVG)
  await page.getByText(/isn't a PNG, WebP or JPEG image/).waitFor()
  await checkAccess(page, 'logo refused')
  await choose(page, 'logo.png', PIXEL)
  await page.getByText('Saved', { exact: true }).waitFor()
  expect(await drawn(page)).toBe(1)
  expect(await page.getByText(/This is no PNG/).count()).toBe(0)
  await checkAccess(page, 'logo in light')
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 })
    const [field, remove] = await Promise.all(
      ['Logo', 'Remove logo'].map((name) => page.getByRole('button', { name, exact: true }).boundingBox()),
    )
    const words = await page.getByText(/^Shown next to the account name/).boundingBox()
    expect([field?.height, remove?.height], `one line each, ${width} wide`).toEqual([36, 36])
    expect(field?.width, `room for its words, ${width} wide`).toBeGreaterThan(180)
    expect(words?.width, `the help is as wide as the field, ${width} wide`).toBeGreaterThan(300)
  }
  await page.setViewportSize({ width: 1280, height: 800 })

  const dark = await newPage({ scheme: 'dark' })
  await signIn(dark)
  await dark.goto('/accounts/demo/settings')
  expect(await drawn(dark)).toBe(1)
  await checkAccess(dark, 'logo in dark')

  await page.getByRole('button', { name: 'Remove logo' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Remove logo' }).waitFor({ state: 'detached' })
  await logo(page).waitFor({ state: 'detached' })
  await page.locator('button:focus', { hasText: 'Choose an image' }).waitFor()
})
