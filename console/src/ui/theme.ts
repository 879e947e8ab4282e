import { type CSSVariablesResolver, type MantineColorsTuple, createTheme } from '@mantine/core'
import { OWN, shadesOf } from './accent'

/** Neutral, a little blue: text first, page background at 7. */
const dark: MantineColorsTuple = [
  '#e4e6eb', '#c4c8d0', '#9da3af', '#787f8c', '#434955', '#2c313a', '#20242b', '#15181d', '#101216', '#0b0d10',
] // prettier-ignore

const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 6 },
  colors: { accent: OWN, dark },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '1.25rem' }, h2: { fontSize: '1rem' }, h3: { fontSize: '0.875rem' } },
  },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '10px', xl: '16px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Table: { styles: { th: { fontWeight: 500, fontSize: '0.75rem', color: 'var(--mantine-color-dimmed)' } } },
    Modal: {
      styles: { title: { fontWeight: 600, fontSize: '1rem' } },
      defaultProps: { overlayProps: { backgroundOpacity: 0.35 }, transitionProps: { duration: 120 } },
    },
    Drawer: {
      styles: { title: { fontWeight: 600, fontSize: '1rem' } },
      defaultProps: { overlayProps: { backgroundOpacity: 0.2 }, transitionProps: { duration: 140 } },
    },
    // Steps of one lead nowhere near a number of minutes or days, and their buttons are too small for fingers; the arrow keys remain.
    NumberInput: { defaultProps: { hideControls: true } },
    Menu: {
      defaultProps: {
        shadow: 'md',
        transitionProps: { duration: 80 },
        // The placeholder would be a child that no menu may have; without it the first item takes the focus.
        withInitialFocusPlaceholder: false,
        menuItemTabIndex: 0,
      },
    },
    Alert: { styles: { title: { color: 'var(--mantine-color-text)' } } },
    Tooltip: {
      defaultProps: { openDelay: 300, multiline: true, maw: 320, events: { hover: true, focus: true, touch: true } },
    },
    Skeleton: { defaultProps: { radius: 'sm' } },
    Button: { defaultProps: { fw: 500 } },
  },
})

/** The same with the color of an account. */
export const themeWith = (accent: string | undefined) =>
  accent ? { ...theme, colors: { ...theme.colors, accent: shadesOf(accent) } } : theme

/** What Mantine's defaults miss of WCAG AA. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-text': '#1b1f27',
    '--mantine-color-dimmed': '#5b6371',
    '--mantine-color-placeholder': '#6a7280',
    '--mantine-color-error': '#c4232f',
    '--mantine-color-anchor': 'var(--mantine-color-accent-7)',
    '--line': '#e6e8ec',
    '--surface': '#f7f8fa',
    '--row-hover': '#f5f6f9',
    '--row-chosen': 'var(--mantine-color-accent-0)',
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-2)',
    '--mantine-color-placeholder': '#8b919d',
    '--mantine-color-error': '#ff8a8f',
    '--mantine-color-anchor': 'var(--mantine-color-accent-3)',
    '--mantine-color-default-border': '#363b46',
    '--line': '#272b33',
    '--surface': '#191c22',
    // Quiet words in an item that is pointed at stay readable.
    '--menu-item-hover': 'var(--mantine-color-dark-5)',
    '--row-hover': '#1b1f25',
    '--row-chosen': 'color-mix(in srgb, var(--mantine-color-accent-9) 45%, #15181d)',
  },
})
