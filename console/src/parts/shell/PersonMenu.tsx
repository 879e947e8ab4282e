import { Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { IconBook2, IconDots, IconKeyboard, IconLogout, IconUserCircle } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { lazyPart } from '../../api/fetched'
import { meQuery } from '../../api/queries'
import { nameOf } from '../../lib/person'
import { prefix } from '../../lib/place'
import { hasUnsaved } from '../../lib/typed'
import { leave } from '../session/leave'
import { Avatar } from '../../ui/Avatar'
import { MenuLink } from '../../ui/links'
import { toast } from '../act/toasts'
import { help } from './help'
import classes from './Shell.module.css'

const SignOutQuestion = lazyPart(() => import('./SignOutQuestion'), 'SignOutQuestion')

const SCHEMES = [
  { value: 'light', key: 'themeLight' },
  { value: 'dark', key: 'themeDark' },
  { value: 'auto', key: 'themeAuto' },
] as const

/** The person's own things: profile, appearance, help, sign-out. */
export function PersonMenu() {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { data: me } = useQuery(meQuery)
  const [isAsking, setAsking] = useState(false)
  const { mutate: signOut } = useMutation({
    mutationFn: () => leave(() => api.POST('/api/v1/sign-out'), 'left'),
    onError: toast.error,
  })
  const email = me?.value.email ?? ''
  const name = nameOf({ name: me?.value.name, email })
  return (
    <div className={classes.person}>
      <Menu position="top-start" width={216} floatingStrategy="fixed">
        <Menu.Target>
          <UnstyledButton className={classes.button} aria-label={t('shell.personMenu', { name })}>
            <Avatar name={name} />
            <span className={classes.words}>
              <Text component="span" size="sm" fw={500}>
                <bdi>{name}</bdi>
              </Text>
              {name !== email && (
                <Text component="span" size="xs" c="dimmed">
                  {email}
                </Text>
              )}
            </span>
            <IconDots size={16} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <MenuLink to="/profile" leftSection={<IconUserCircle size={18} stroke={1.6} aria-hidden />}>
            {t('shell.profile')}
          </MenuLink>
          <Menu.Item leftSection={<IconKeyboard size={18} stroke={1.6} aria-hidden />} onClick={() => help.set(true)}>
            {t('shell.help')}
          </Menu.Item>
          <Menu.Item
            component="a"
            href={`${prefix}/api/docs`}
            target="_blank"
            leftSection={<IconBook2 size={18} stroke={1.6} aria-hidden />}
          >
            {t('shell.apiReference')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label id="appearance">{t('shell.theme')}</Menu.Label>
          <Menu.RadioGroup
            value={colorScheme}
            onChange={(value) => setColorScheme(value as typeof colorScheme)}
            aria-labelledby="appearance"
          >
            {SCHEMES.map(({ value, key }) => (
              <Menu.RadioItem key={value} value={value}>
                {t(`shell.${key}`)}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconLogout size={18} stroke={1.6} aria-hidden />}
            onClick={() => (hasUnsaved() ? setAsking(true) : signOut())}
          >
            {t('shell.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense>{isAsking && <SignOutQuestion stay={() => setAsking(false)} leave={signOut} />}</Suspense>
    </div>
  )
}
