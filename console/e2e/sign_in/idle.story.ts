import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { en } from '../../src/texts/en'
import { newPage, settled, signIn } from '../browser'

/** What a page asks from now on: whether each request tells of a person. */
function toldOf(page: Page) {
  const told: boolean[] = []
  page.on('request', (request) => {
    if (request.url().includes('/api/')) told.push(request.headers()['portcullis-background'] === undefined)
  })
  return told
}

/** An input that asks the server for nothing. */
const INPUTS: [string, string, (page: Page) => Promise<void>][] = [
  [
    'typing in the settings',
    '/accounts/demo/settings',
    (page) => page.getByRole('textbox', { name: en.settings.name }).first().press('End'),
  ],
  ['scrolling through the roles', '/accounts/demo/roles', (page) => page.mouse.wheel(0, 40)],
  ['clicking beside everything', '/profile', (page) => page.mouse.click(640, 780)],
]

it.each(INPUTS)('%s keeps the session alive (P14)', async (_, address, input) => {
  const page = await newPage()
  await page.clock.install()
  await signIn(page)
  await page.goto(address)
  await settled(page)
  // Whatever the page loaded is long done, and its person was away for a while that is shorter than any idle timeout.
  await page.clock.fastForward('03:30')
  const told = toldOf(page)
  await input(page)
  await page.clock.fastForward(2_000)
  await expect.poll(() => told).toContain(true)
  for (let again = 0; again < 4; again += 1) {
    told.length = 0
    await page.clock.fastForward('00:50')
    await input(page)
    await page.clock.fastForward('00:15')
    await expect.poll(() => told).toContain(true)
  }
})

it('a page that nobody touches says so', async () => {
  const page = await newPage()
  await page.clock.install()
  await signIn(page)
  await page.goto('/accounts/demo/settings')
  await settled(page)
  await page.clock.fastForward('01:30')
  const told = toldOf(page)
  await page.clock.fastForward('04:10')
  await expect.poll(() => told).toContain(false)
  expect(told).not.toContain(true)
})
