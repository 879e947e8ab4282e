import type { MantineColorsTuple } from '@mantine/core'
import { store } from '../lib/store'

/** The product's own color: a quiet indigo. White text on shade 6 has 5.6:1. */
export const OWN: MantineColorsTuple = [
  '#eef0fe', '#dfe2fb', '#bcc2f2', '#969feb', '#757fe3', '#5f6ade', '#4c58d3', '#3f4abb', '#3640a3', '#2b3488',
] // prettier-ignore

/** The color of the account one is in; none outside of accounts and where the account chose none. */
export const accountAccent = store<string | undefined>(undefined)

type Rgb = [number, number, number]

const rgbOf = (hex: string): Rgb => {
  const number = parseInt(hex.slice(1), 16)
  return [(number >> 16) / 255, ((number >> 8) & 255) / 255, (number & 255) / 255]
}
const hexOf = (rgb: Rgb) => '#' + rgb.map((part) => Math.round(part * 255).toString(16).padStart(2, '0')).join('') // prettier-ignore

/** How bright a color is, as WCAG counts it. */
export function luminance(hex: string): number {
  const [r, g, b] = rgbOf(hex).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** The color between black, itself and white that is as bright as wished. */
function withLuminance(hex: string, wished: number): string {
  const rgb = rgbOf(hex)
  const end = luminance(hex) < wished ? 1 : 0
  let [near, far] = [0, 1]
  for (let step = 0; step < 20; step++) {
    const middle = (near + far) / 2
    const mixed = hexOf(rgb.map((part) => part + (end - part) * middle) as Rgb)
    const isBeyond = end === 1 ? luminance(mixed) > wished : luminance(mixed) < wished
    if (isBeyond) far = middle
    else near = middle
  }
  return hexOf(rgb.map((part) => part + (end - part) * far) as Rgb)
}

/** Ten shades of any color, each as bright as the product's own: whatever can be read with that can be read with these. */
export function shadesOf(hex: string): MantineColorsTuple {
  return OWN.map((shade) => withLuminance(hex, luminance(shade))) as unknown as MantineColorsTuple
}
