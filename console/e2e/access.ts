import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { settled } from './browser'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']

/**
 * What axe finds on the page as it stands: nothing of WCAG 2.2 A and AA, in light and in dark. `part` is looked at alone, where
 * something open lies over the rest for a moment.
 */
export async function checkAccess(page: Page, where: string, part = 'html') {
  const first = await page.evaluate(() => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'))
  const second = first === 'dark' ? 'light' : 'dark'
  await checkAsItIs(page, `${where}, ${first}`, part, TAGS)
  // Only colours differ in the other scheme. Pages outside the console have no attribute for it.
  await page.emulateMedia({ colorScheme: second })
  await page.locator(`html:not([data-mantine-color-scheme="${first}"])`).waitFor()
  await checkAsItIs(page, `${where}, ${second}`, part)
  await page.emulateMedia({ colorScheme: first })
}

async function checkAsItIs(page: Page, where: string, part: string, tags?: string[]) {
  await settled(page)
  // One frame only: the slower way through all frames is not needed.
  const axe = new AxeBuilder({ page })
    .include(part)
    .setLegacyMode(true)
    .options({ resultTypes: ['violations'] })
  const { violations } = await (tags ? axe.withTags(tags) : axe.withRules(['color-contrast'])).analyze()
  const found = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map(({ html, failureSummary }) => `${html.slice(0, 200)}\n   ${failureSummary}`)
        .join('\n  ')}`,
  )
  expect(found, where).toEqual([])
}

/** Nothing makes the page itself, or what lies over it, scroll sideways. */
export async function checkFits(page: Page, where: string) {
  const wide = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('[role="dialog"]')]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map(({ tagName, scrollWidth, clientWidth }) => `${tagName}: ${scrollWidth} of ${clientWidth}`),
  )
  expect(wide, `${where} does not scroll sideways`).toEqual([])
}
