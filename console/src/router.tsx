import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { api } from './api/client'
import { fetched } from './api/fetched'
import { problemOf } from './api/problem'
import { meQuery, myAccountsQuery } from './api/queries'
import { queryClient } from './api/queryClient'
import { prefix } from './lib/place'
import { activitySearch } from './parts/activity/search'
import { insightsSearch } from './pages/statistics/search'
import { rolesSearch } from './pages/roles/search'
import { usersSearch } from './parts/users/search'
import { NotFound, PageError } from './parts/page/PageError'
import { PageSkeleton } from './parts/page/PageSkeleton'
import { type Why, whyIn, whyOf } from './api/why'
import { follow, takePicked } from './texts'

const root = createRootRoute({ notFoundComponent: NotFound })

// ---- for people who are not signed in ----------------------------------------------------------------------------------

const open = createRoute({ getParentRoute: () => root, id: 'public' })

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)
/** Only addresses of this console: nobody is sent elsewhere after signing in. */
const ownPath = (value: unknown) => (/^\/(?![/\\])/.test(text(value) ?? '') ? text(value) : undefined)

interface SignInSearch {
  email?: string | undefined
  to?: string | undefined
  why?: Why | undefined
  /** They are signed in, and want to be as somebody else. */
  other?: true | undefined
}

const signIn = createRoute({
  getParentRoute: () => open,
  path: 'sign-in',
  validateSearch: (search): SignInSearch => ({
    email: text(search.email),
    to: ownPath(search.to),
    why: whyIn(search.why),
    other: search.other === true || undefined,
  }),
  component: lazyRouteComponent(() => fetched(() => import('./pages/sign_in/SignInPage')), 'SignInPage'),
})
const forgotPassword = createRoute({
  getParentRoute: () => open,
  path: 'forgot-password',
  validateSearch: (search): { email?: string | undefined } => ({ email: text(search.email) }),
  component: lazyRouteComponent(
    () => fetched(() => import('./pages/credentials/ForgotPasswordPage')),
    'ForgotPasswordPage',
  ),
})
const resetPassword = createRoute({
  getParentRoute: () => open,
  path: 'reset-password/$token',
  component: lazyRouteComponent(
    () => fetched(() => import('./pages/credentials/ResetPasswordPage')),
    'ResetPasswordPage',
  ),
})
const activate = createRoute({
  getParentRoute: () => open,
  path: 'activate/$token',
  component: lazyRouteComponent(() => fetched(() => import('./pages/invitations/ActivatePage')), 'ActivatePage'),
})
const setup = createRoute({
  getParentRoute: () => open,
  path: 'setup/$token',
  component: lazyRouteComponent(() => fetched(() => import('./pages/installation/SetupPage')), 'SetupPage'),
})

// ---- signed in ---------------------------------------------------------------------------------------------------------

/** A language that was picked on the way in is kept with the person; otherwise theirs is spoken. */
async function speak(theirs: string) {
  const picked = takePicked(theirs)
  if (!picked) return follow(theirs)
  await api.PATCH('/api/v1/me', { body: { locale: picked } })
  void queryClient.invalidateQueries(meQuery)
}

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    const me = await queryClient.ensureQueryData(meQuery).catch((error: unknown) => {
      if (problemOf(error)?.status !== 401) throw error
      // Somebody who was never here needs no explanation; whoever was signed out does.
      const problem = problemOf(error)
      const why = problem && problem.code !== 'sign_in_required' ? whyOf(problem.code) : undefined
      const to = location.href === '/' ? undefined : location.href
      throw redirect({ to: '/sign-in', search: { to, why }, replace: true })
    })
    await speak(me.value.locale)
  },
  component: lazyRouteComponent(() => fetched(() => import('./parts/shell/Shell')), 'Shell'),
})
const hub = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  loader: () => queryClient.ensureQueryData(myAccountsQuery),
  component: lazyRouteComponent(() => fetched(() => import('./pages/accounts/HubPage')), 'HubPage'),
})
const profile = createRoute({
  getParentRoute: () => signedIn,
  path: 'profile',
  component: lazyRouteComponent(() => fetched(() => import('./pages/me/ProfilePage')), 'ProfilePage'),
})

const account = createRoute({
  getParentRoute: () => signedIn,
  path: 'accounts/$account',
  loader: () => queryClient.ensureQueryData(myAccountsQuery),
  component: lazyRouteComponent(() => fetched(() => import('./parts/session/AccountGate')), 'AccountGate'),
})
const accountHome = createRoute({
  getParentRoute: () => account,
  path: '/',
  component: lazyRouteComponent(() => fetched(() => import('./pages/accounts/AccountHome')), 'AccountHome'),
})
const users = createRoute({
  getParentRoute: () => account,
  path: 'users',
  validateSearch: usersSearch,
  component: lazyRouteComponent(() => fetched(() => import('./pages/users/UsersPage')), 'UsersPage'),
})
const roles = createRoute({
  getParentRoute: () => account,
  path: 'roles',
  validateSearch: rolesSearch,
  component: lazyRouteComponent(() => fetched(() => import('./pages/roles/RolesPage')), 'RolesPage'),
})
const activity = createRoute({
  getParentRoute: () => account,
  path: 'activity',
  validateSearch: activitySearch,
  component: lazyRouteComponent(() => fetched(() => import('./pages/activity/ActivityPage')), 'ActivityPage'),
})
const insights = createRoute({
  getParentRoute: () => account,
  path: 'insights',
  validateSearch: insightsSearch,
  component: lazyRouteComponent(() => fetched(() => import('./pages/statistics/InsightsPage')), 'InsightsPage'),
})
const settings = createRoute({
  getParentRoute: () => account,
  path: 'settings',
  component: lazyRouteComponent(() => fetched(() => import('./pages/accounts/SettingsPage')), 'SettingsPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    open.addChildren([signIn, forgotPassword, resetPassword, activate, setup]),
    signedIn.addChildren([
      hub,
      profile,
      account.addChildren([accountHome, users, roles, activity, insights, settings]),
    ]),
  ]),
  basepath: prefix || '/',
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: NotFound,
  defaultPendingComponent: PageSkeleton,
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
