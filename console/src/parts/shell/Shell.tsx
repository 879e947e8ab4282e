import { AppShell, Burger, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Outlet, useLocation } from '@tanstack/react-router'
import { type KeyboardEvent, Suspense, useEffect, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useAccountIfAny } from '../session/me'
import { useStillOpen } from '../session/useStillOpen'
import { accountAccent } from '../../ui/accent'
import { PageSkeleton } from '../page/PageSkeleton'
import { AccountSwitcher } from './AccountSwitcher'
import { Navigation } from './Navigation'
import { Extras } from './Extras'
import { PersonMenu } from './PersonMenu'
import { SearchButton } from './SearchButton'
import classes from './Shell.module.css'

/** What stands around every page of somebody who is signed in. */
export function Shell() {
  const { t } = useTranslation()
  const [isOpen, menu] = useDisclosure(false)
  const opener = useRef<HTMLButtonElement>(null)
  const closer = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => {
    if (!isOpen) return
    const button = opener.current
    closer.current?.focus()
    return () => {
      const last = document.activeElement
      // Who has gone on to something else in the meantime stays there.
      setTimeout(() => {
        if ([last, document.body].includes(document.activeElement)) button?.focus({ preventScroll: true })
      })
    }
  }, [isOpen])
  // A menu of the navigation that is open closes itself first; it stands elsewhere in the page.
  const closeByKey = ({ key, currentTarget, target }: KeyboardEvent) => {
    if (key === 'Escape' && currentTarget.contains(target as Node)) menu.close()
  }
  const pathname = useLocation({ select: ({ pathname }) => pathname })
  const account = useAccountIfAny()
  useStillOpen(account?.slug)
  const accent = account?.accent_color ?? undefined
  useEffect(() => accountAccent.set(accent), [accent])
  useEffect(() => menu.close(), [pathname]) // eslint-disable-line react-hooks/exhaustive-deps
  return (
    <AppShell
      layout="alt"
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      header={{ height: { base: 52, sm: 0 } }}
    >
      <a href="#content" className={classes.skip}>
        {t('common.skip')}
      </a>
      <AppShell.Header hiddenFrom="sm" className={classes.header}>
        <Group h="100%" px="sm" justify="space-between" wrap="nowrap">
          <Burger
            ref={opener}
            opened={isOpen}
            onClick={menu.toggle}
            size="sm"
            aria-label={isOpen ? t('shell.closeMenu') : t('shell.openMenu')}
            aria-expanded={isOpen}
          />
          <SearchButton compact />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar
        onKeyDown={closeByKey}
        className={classes.navbar}
        data-closed={!isOpen || undefined}
        aria-label={t('shell.navigation')}
      >
        <Group p="sm" pb={4} wrap="nowrap" gap={4}>
          <AccountSwitcher />
          <Burger
            ref={closer}
            opened
            onClick={menu.close}
            size="sm"
            hiddenFrom="sm"
            aria-label={t('shell.closeMenu')}
          />
        </Group>
        <div className={classes.search}>
          <SearchButton />
        </div>
        <div className={classes.links}>
          <Suspense>
            <Navigation />
          </Suspense>
        </div>
        <PersonMenu />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
      <Extras />
    </AppShell>
  )
}
