import { Badge, Button, Group, Text } from '@mantine/core'
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../api/client'
import { browserName } from '../../lib/browser'
import classes from './Sessions.module.css'
import { When } from '../When'

type Session = Omit<Schema['SessionView'], 'this_device' | 'last_active_at'> & {
  this_device?: boolean
  last_active_at?: string
}

/** Signed-in browsers, each with its way out. */
export function Sessions({
  sessions,
  end,
  ending,
}: {
  sessions: Session[]
  end?: (id: string) => void
  ending?: string | undefined
}) {
  const { t } = useTranslation()
  return (
    <ul className={classes.list}>
      {sessions.map((session) => {
        const name = browserName(session.user_agent) || t('profile.unknownBrowser')
        const Icon = /iPhone|Android|Mobile/.test(session.user_agent) ? IconDeviceMobile : IconDeviceDesktop
        return (
          <li key={session.id}>
            <Icon size={20} stroke={1.5} aria-hidden />
            <div className={classes.words}>
              <Group gap={8}>
                <Text size="sm" fw={500}>
                  {name}
                </Text>
                {session.this_device && (
                  <Badge size="sm" variant="light" tt="none">
                    {t('profile.thisDevice')}
                  </Badge>
                )}
              </Group>
              <Text size="xs" c="dimmed">
                {session.ip} ·{' '}
                {session.last_active_at ? (
                  <>
                    {t('profile.lastActive')} <When at={session.last_active_at} ago />
                  </>
                ) : (
                  <>
                    {t('profile.signedIn')} <When at={session.created_at} />
                  </>
                )}
              </Text>
            </div>
            {end && !session.this_device && (
              <Button
                size="compact-sm"
                variant="default"
                loading={ending === session.id}
                onClick={() => end(session.id)}
                aria-label={`${t('profile.signOutOne')}: ${name}, ${session.ip}`}
              >
                {t('profile.signOutOne')}
              </Button>
            )}
          </li>
        )
      })}
    </ul>
  )
}
