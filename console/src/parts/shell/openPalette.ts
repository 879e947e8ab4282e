import { useHotkeys } from '@mantine/hooks'
import { fetched } from '../../api/fetched'
import { toast } from '../act/toasts'

/** The palette is not part of the first page; it is fetched at the latest when it is asked for. */
const palette = () => fetched(() => import('./Palette'))

export const openPalette = () => void palette().then(({ open }) => open(), toast.error)

const togglePalette = () => void palette().then(({ toggle }) => toggle(), toast.error)

/** Opens and closes it with `⌘K` from the first moment on, wherever the focus is. */
export function usePaletteKey() {
  useHotkeys([['mod+K', togglePalette]], [])
}
