import { Alert, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconBan, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../../api/client'
import { useFormats } from '../../../lib/formats'
import { Level } from '../../../parts/Level'
import { Refusal } from '../../../parts/act/Refusal'
import { ServerWords } from '../../../parts/ServerWords'
import { useAccount } from '../../../parts/session/me'
import { CATEGORIES } from '../../../parts/categories'
import { userAccessQuery } from '../queries'
import classes from './AccessPart.module.css'

type Access = Schema['AccessView']

/** What a user may do, and why: each permission with its grant path, each system with the way it came. */
export function AccessPart({ user }: { user: string }) {
  const { slug } = useAccount()
  const access = useQuery(userAccessQuery(slug, user))
  if (access.isPending) {
    return (
      <Stack aria-busy>
        {[0, 1, 2, 3, 4, 5].map((row) => (
          <Skeleton key={row} h={34} />
        ))}
      </Stack>
    )
  }
  if (access.isError) return <Refusal error={access.error} retry={() => void access.refetch()} />
  return <Explained access={access.data} />
}

function Explained({ access }: { access: Access }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const permissions = access.permissions.filter(({ name, key }) => `${name} ${key}`.toLowerCase().includes(wanted))
  return (
    <Stack gap="lg">
      {access.stopped && (
        <Alert color="orange" variant="light" icon={<IconBan size={18} aria-hidden />} c="var(--mantine-color-text)">
          <ServerWords of={access.stopped} />
        </Alert>
      )}
      <TextInput
        size="xs"
        type="search"
        placeholder={t('user.whyHint')}
        aria-label={t('user.whyHint')}
        leftSection={<IconSearch size={15} aria-hidden />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {CATEGORIES.map((category) => {
        const held = permissions.filter((permission) => permission.category === category)
        if (held.length === 0) return null
        return (
          <section key={category}>
            <Title order={3} mb={4}>
              {t(`roles.${category}`)}
            </Title>
            <ul className={classes.list}>
              {held.map(({ key, name, level, holds }) => (
                <li key={key}>
                  <div className={classes.line}>
                    <span lang="en">{name}</span>
                    <Level level={holds === 'nowhere' ? 'none' : level} />
                  </div>
                  <Text size="xs" c="dimmed">
                    {t(level.startsWith('none') ? 'user.holds_not' : `user.holds_${holds}`, { role: access.role.name })}
                  </Text>
                </li>
              ))}
            </ul>
          </section>
        )
      })}
      {permissions.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('shell.paletteNothing')}
        </Text>
      )}
      {wanted === '' && <Systems access={access} />}
    </Stack>
  )
}

function Systems({ access }: { access: Access }) {
  const { t } = useTranslation()
  return (
    <section>
      <Title order={3} mb={4}>
        {t('users.systems')}
      </Title>
      {access.systems.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('user.noSystem')}
        </Text>
      )}
      <ul className={classes.list}>
        {access.systems.map(({ id, name, holds, paths }) => (
          <li key={id}>
            <div className={classes.line}>
              <bdi>{name}</bdi>
              {!holds && <span className={classes.off}>{t('user.notNow')}</span>}
            </div>
            {paths.map((path, index) => (
              <Text key={index} size="xs" c="dimmed">
                <PathWords path={path} />
              </Text>
            ))}
          </li>
        ))}
      </ul>
    </section>
  )
}

const SOURCES = ['manual', 'invitation', 'scim', 'jit', 'request', 'import', 'partner'] as const

function PathWords({ path }: { path: Access['systems'][number]['paths'][number] }) {
  const { t } = useTranslation()
  const formats = useFormats()
  const source = SOURCES.find((known) => known === path.source)
  const by = path.granted_by_email ?? (path.granted_by === 'operator' ? t('user.operator') : undefined)
  const parts = [
    path.kind === 'group'
      ? t('user.wayGroup', { group: path.group_name })
      : path.kind === 'all_systems'
        ? t('user.wayAll')
        : t('user.wayDirect'),
    source && t(`user.source_${source}`),
    by && t('user.by', { who: by }),
    formats.date(path.granted_at),
    path.starts_at && t('user.from', { when: formats.time(path.starts_at) }),
    path.ends_at && t('user.until', { when: formats.time(path.ends_at) }),
  ]
  return parts.filter((part) => part).join(' · ')
}
