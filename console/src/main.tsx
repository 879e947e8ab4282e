import './lib/composing'
import './lib/filled'
import '@fontsource-variable/inter/index.css'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './ui/base.css'
import { DirectionProvider, MantineProvider, useDirection } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, type ReactNode, useEffect, useMemo } from 'react'
import { createRoot } from 'react-dom/client'
import { useTranslation } from 'react-i18next'
import { queryClient } from './api/queryClient'
import { AwayBanner } from './parts/shell/AwayBanner'
import { router } from './router'
import { SignInAgainWhenAsked } from './parts/session/SignInAgainWhenAsked'
import { directionOf } from './lib/isolated'
import { startTexts } from './texts'
import { accountAccent } from './ui/accent'
import { themeWith, variables } from './ui/theme'

/** Turns the page around for languages that run from right to left. */
function Direction({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation()
  const { setDirection } = useDirection()
  const direction = directionOf(i18n.language)
  useEffect(() => setDirection(direction), [direction, setDirection])
  return children
}

function Console() {
  const accent = accountAccent.use()
  const theme = useMemo(() => themeWith(accent), [accent])
  return (
    <DirectionProvider>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
        <QueryClientProvider client={queryClient}>
          <Direction>
            <Notifications position="top-center" limit={3} />
            <RouterProvider router={router} />
            <AwayBanner />
            <SignInAgainWhenAsked />
          </Direction>
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  )
}

await startTexts()
createRoot(document.getElementById('console') as HTMLElement).render(
  <StrictMode>
    <Console />
  </StrictMode>,
)
