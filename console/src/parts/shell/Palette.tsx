import '@mantine/spotlight/styles.css'
import {
  Spotlight,
  type SpotlightActionData,
  type SpotlightActionGroupData,
  createSpotlight,
  useSpotlight,
} from '@mantine/spotlight'
import {
  IconKeyboard,
  IconLayoutGrid,
  IconMailPlus,
  IconMoon,
  IconSearch,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react'
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, body } from '../../api/client'
import { needs } from '../../api/generated/needs'
import { type Need, isMet } from '../../api/need'
import { myAccountsQuery } from '../../api/queries'
import { useFormats } from '../../lib/formats'
import { nameOf } from '../../lib/person'
import { useEscape } from '../../lib/useEscape'
import { Avatar } from '../../ui/Avatar'
import { help } from './help'
import { pagesFor } from './pages'

const [store, palette] = createSpotlight()

export const { open, toggle } = palette

/** Goes anywhere, finds anybody, does the frequent things: `⌘K`. */
export function Palette() {
  const { t } = useTranslation()
  const [query, setQuery] = useState('')
  const { opened } = useSpotlight(store)
  useEscape(opened, palette.close)
  const pages = usePages()
  const { people, isSearching } = usePeople(query)
  const actions = useActions()
  const contains = (action: SpotlightActionData) =>
    action.label?.toLowerCase().includes(query.trim().toLowerCase()) ?? false
  const groups: SpotlightActionGroupData[] = [
    { group: t('shell.palettePages'), actions: pages.filter(contains) },
    { group: t('shell.palettePeople'), actions: people },
    { group: t('shell.paletteActions'), actions: actions.filter(contains) },
  ].filter(({ actions }) => actions.length > 0)
  useFirstChosen(groups.flatMap(({ actions }) => actions.map(({ id }) => id)).join())
  return (
    <Spotlight
      store={store}
      shortcut={null}
      closeOnEscape={false}
      query={query}
      onQueryChange={setQuery}
      actions={groups}
      filter={(_, all) => all}
      nothingFound={isSearching ? t('common.loading') : t('shell.paletteNothing')}
      highlightQuery
      scrollable
      maxHeight={420}
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      searchProps={{
        leftSection: <IconSearch size={18} stroke={1.6} aria-hidden />,
        placeholder: t('shell.palettePlaceholder'),
        'aria-label': t('shell.palette'),
      }}
    />
  )
}

/** What was found later is chosen as well: Enter always does the first thing, unless the arrows chose another. */
function useFirstChosen(found: string) {
  useEffect(() => {
    if (document.querySelector('[data-action][data-selected]')) return
    document.querySelector('[data-action]')?.setAttribute('data-selected', 'true')
  }, [found])
}

function useCurrent() {
  const { account } = useParams({ strict: false })
  const { data: accounts = [] } = useQuery(myAccountsQuery)
  return { accounts, current: accounts.find(({ slug, id }) => slug === account || id === account) }
}

function usePages(): SpotlightActionData[] {
  const { t } = useTranslation()
  const formats = useFormats()
  const navigate = useNavigate()
  const { accounts, current } = useCurrent()
  const inAccount = current
    ? pagesFor(current.levels).map(({ key, to, icon: Icon }) => ({
        id: key,
        label: t(`${key}.title`),
        description: formats.name(current.name),
        leftSection: <Icon size={20} stroke={1.6} aria-hidden />,
        onClick: () => void navigate({ to, params: { account: current.slug } }),
      }))
    : []
  const others = accounts
    .filter((account) => account !== current)
    .map(({ id, slug, name, role_name }) => ({
      id,
      label: formats.name(name),
      description: formats.name(role_name),
      leftSection: <Avatar name={name} square size={20} />,
      onClick: () => void navigate({ to: '/accounts/$account', params: { account: slug } }),
    }))
  const own = [
    { id: 'hub', label: t('shell.hub'), icon: IconLayoutGrid, to: '/' as const },
    { id: 'profile', label: t('shell.profile'), icon: IconUserCircle, to: '/profile' as const },
  ].map(({ icon: Icon, to, ...rest }) => ({
    ...rest,
    leftSection: <Icon size={20} stroke={1.6} aria-hidden />,
    onClick: () => void navigate({ to }),
  }))
  return [...inAccount, ...own, ...others]
}

function usePeople(query: string): { people: SpotlightActionData[]; isSearching: boolean } {
  const formats = useFormats()
  const navigate = useNavigate()
  const { current } = useCurrent()
  const [q] = useDebouncedValue(query.trim(), 120)
  const account = current?.slug ?? ''
  const found = useQuery({
    queryKey: [account, 'palette', q],
    enabled: q.length > 1 && current !== undefined && isMet(needs.list_users as Need, current.levels),
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (
        await body(
          api.GET('/api/v1/accounts/{account}/users', {
            params: { path: { account }, query: { q, limit: 6 } },
            signal,
          }),
        )
      ).items,
  })
  const isSearching = query.trim().length > 1 && (q !== query.trim() || found.isFetching)
  if (q.length < 2) return { people: [], isSearching }
  const people = (found.data ?? []).map((person) => ({
    id: person.id,
    label: formats.name(nameOf(person)),
    description: person.name ? person.email : undefined,
    leftSection: <Avatar name={nameOf(person)} size={22} />,
    onClick: () => void navigate({ to: '/accounts/$account/users', params: { account }, search: { user: person.id } }),
  }))
  return { people, isSearching }
}

function useActions(): SpotlightActionData[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { current } = useCurrent()
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = scheme === 'dark' ? 'light' : 'dark'
  const actions: SpotlightActionData[] = [
    {
      id: 'theme',
      label: `${t('shell.theme')}: ${other === 'dark' ? t('shell.themeDark') : t('shell.themeLight')}`,
      leftSection:
        other === 'dark' ? (
          <IconMoon size={20} stroke={1.6} aria-hidden />
        ) : (
          <IconSun size={20} stroke={1.6} aria-hidden />
        ),
      onClick: () => setColorScheme(other),
    },
    {
      id: 'help',
      label: t('shell.help'),
      leftSection: <IconKeyboard size={20} stroke={1.6} aria-hidden />,
      onClick: () => help.set(true),
    },
  ]
  if (current && isMet(needs.invite_users as Need, current.levels)) {
    actions.unshift({
      id: 'invite',
      label: t('shell.shortcutInvite'),
      leftSection: <IconMailPlus size={20} stroke={1.6} aria-hidden />,
      onClick: () =>
        void navigate({ to: '/accounts/$account/users', params: { account: current.slug }, search: { invite: true } }),
    })
  }
  return actions
}
