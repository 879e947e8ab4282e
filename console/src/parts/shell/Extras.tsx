import { Suspense, useEffect, useState } from 'react'
import { lazyPart } from '../../api/fetched'
import { help, useHelpKey } from './help'
import { usePaletteKey } from './openPalette'

const Palette = lazyPart(() => import('./Palette'), 'Palette')
const Help = lazyPart(() => import('./Help'), 'Help')

/** What nobody needs in the first moment: the palette comes when the page has come to rest, the help when it is asked for. */
export function Extras() {
  const [isCalm, setCalm] = useState(false)
  const isHelpWanted = help.use()
  const [wasHelpWanted, setWasHelpWanted] = useState(false)
  if (isHelpWanted && !wasHelpWanted) setWasHelpWanted(true)
  useHelpKey()
  usePaletteKey()
  useEffect(() => {
    const timer = setTimeout(() => setCalm(true), 300)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Suspense>
      {isCalm && <Palette />}
      {wasHelpWanted && <Help />}
    </Suspense>
  )
}
