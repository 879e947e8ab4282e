import { Outlet } from '@tanstack/react-router'
import { NotFound } from '../parts/PageError'
import { useAccountIfAny } from './me'

/** Lets into the pages of an account only who is in it; for everybody else it does not exist. */
export function AccountGate() {
  return useAccountIfAny() ? <Outlet /> : <NotFound />
}
