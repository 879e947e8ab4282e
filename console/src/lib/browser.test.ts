import { expect, it } from 'vitest'
import { browserName } from './browser'

it('names browser and system', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
  expect(browserName(chrome)).toBe('Chrome, Linux')
  expect(browserName(`${chrome} Edg/140.0`)).toBe('Edge, Linux')
  expect(browserName('curl/8.0')).toBe('curl/8.0')
  expect(browserName('')).toBe('')
})
