import { Outlet, useLocation } from '@tanstack/react-router'
import { NotAllowed, NotFound } from '../page/PageError'
import { mayOpen } from '../shell/pages'
import { useAccountIfAny } from './me'

/** Lets into the pages of an account only who is in it, for everybody else it does not exist; and into each page only who may use it. */
export function AccountGate() {
  const account = useAccountIfAny()
  // `/accounts/{account}/{page}`
  const page = useLocation({ select: ({ pathname }) => pathname.split('/')[3] })
  if (!account) return <NotFound />
  return mayOpen(page, account.levels) ? <Outlet /> : <NotAllowed role={account.role_name} />
}
