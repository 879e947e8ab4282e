import { expect, it } from 'vitest'
import { OWN, luminance, shadesOf } from './accent'

const contrast = (a: string, b: string) => {
  const [dark, bright] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (bright + 0.05) / (dark + 0.05)
}

it('any color becomes shades that can be read where the product’s own can', () => {
  for (const color of ['#ffff00', '#000000', '#ffffff', '#ff0000', '#0a7f3f', '#4c58d3', '#00ffff', '#777777']) {
    const shades = shadesOf(color)
    expect(contrast(shades[6] ?? '', '#ffffff'), color).toBeGreaterThan(4.5)
    shades.forEach((shade, place) => {
      const own = OWN[place] ?? ''
      expect(contrast(shade, own), `${color} at ${place}`).toBeLessThan(1.06)
    })
  }
})
