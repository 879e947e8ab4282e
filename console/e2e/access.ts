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
  // Only colors differ in the other scheme. Pages outside the console have no attribute for it.
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

/**
 * Whatever can be pressed is big enough for a finger: 24 px (WCAG 2.5.8), with its label where it has one. Links within a
 * sentence are as high as its lines; the way past the navigation has its size when it is there, with the focus.
 */
export async function checkTargets(page: Page, where: string) {
  await settled(page)
  const small = await page.evaluate(() => {
    const all =
      'a[href]:not([href="#content"]), button, input, select, textarea, summary, [role="button"], [role="tab"]'
    const areaOf = (element: Element) => {
      const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : []
      // What is typed into a box of chips is typed wherever in the box one presses.
      return [element, ...labels, element.closest('.mantine-PillsInput-input, .mantine-MultiSelect-input') ?? element]
        .map((part) => part.getBoundingClientRect())
        .reduce(
          (sum, { width, height }) =>
            ({
              width: Math.max(sum.width, width),
              height: Math.max(sum.height, height),
            }) as DOMRect,
        )
    }
    const isInSentence = (element: Element) =>
      getComputedStyle(element).display === 'inline' &&
      [...(element.parentElement?.childNodes ?? [])].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
      )
    return [...document.querySelectorAll(all)]
      .map((element) => ({ element, area: areaOf(element) }))
      .filter(
        ({ element, area: { width, height } }) =>
          width > 1 &&
          (height < 24 || width < 24) &&
          element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
          !isInSentence(element),
      )
      .map(({ element, area: { width, height } }) => {
        const name = element.getAttribute('aria-label') ?? element.textContent ?? ''
        return `${element.tagName} ${name.slice(0, 40)}: ${Math.round(width)} × ${Math.round(height)}`
      })
  })
  // The other places are looked at as well.
  expect.soft(small, `${where}: big enough`).toEqual([])
}

/** No word of a table goes on in the next line. */
export async function checkWords(page: Page, where: string) {
  const broken = await page.evaluate(() => {
    const found: string[] = []
    for (const cell of document.querySelectorAll('td, th')) {
      const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        for (const { 0: word, index } of (node.textContent ?? '').matchAll(/[A-Za-z]{2,24}/g)) {
          const range = document.createRange()
          range.setStart(node, index)
          range.setEnd(node, index + word.length)
          const tops = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)))
          if (tops.size > 1) found.push(word)
        }
      }
    }
    return found
  })
  expect(broken, `${where} breaks no word`).toEqual([])
}
