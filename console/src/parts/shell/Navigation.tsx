import { useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useAccountIfAny } from '../session/me'
import { NavigationLink } from '../../ui/links'
import { pagesFor } from './pages'
import classes from './Shell.module.css'

/** The pages of the account that this person may use. */
export function Navigation() {
  const { t } = useTranslation()
  const account = useAccountIfAny()
  // `/accounts/{account}/{page}`: nothing here changes while one searches and filters within a page.
  const page = useLocation({ select: ({ pathname }) => pathname.split('/')[3] })
  if (!account) return null
  return pagesFor(account.levels).map(({ key, to, icon: Icon }) => {
    const isActive = page === key
    return (
      <NavigationLink
        key={key}
        className={classes.link}
        to={to}
        params={{ account: account.slug }}
        active={isActive}
        aria-current={isActive ? 'page' : undefined}
        label={t(`${key}.title`)}
        leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
      />
    )
  })
}
