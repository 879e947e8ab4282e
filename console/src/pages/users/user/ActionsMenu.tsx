import { ActionIcon, Menu, Text } from '@mantine/core'
import {
  IconDots,
  IconKey,
  IconLock,
  IconLockOpen,
  IconMailForward,
  IconMailX,
  IconRestore,
  IconTrash,
} from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ServerWords } from '../../../parts/ServerWords'
import type { User } from '../queries'
import { ActDialog } from './ActDialog'
import { type Act, NEVER } from './acts'

const ACTS: { act: Act; icon: typeof IconDots }[] = [
  { act: 'resend', icon: IconMailForward },
  { act: 'revoke', icon: IconMailX },
  { act: 'reset_password', icon: IconKey },
  { act: 'enable', icon: IconLockOpen },
  { act: 'disable', icon: IconLock },
  { act: 'restore', icon: IconRestore },
  { act: 'delete', icon: IconTrash },
]

/** Refusals that no other user changes, or that only say that this one stands elsewhere: such acts are left out. */
const LEFT_OUT = [NEVER, 'wrong_status']

/** What can be done with a user; what cannot says why. */
export function ActionsMenu({ user, gone }: { user: User; gone: () => void }) {
  const { t } = useTranslation()
  const [act, setAct] = useState<Act>()
  const button = useRef<HTMLButtonElement>(null)
  const shown = ACTS.filter(({ act }) => user.can[act] && !LEFT_OUT.includes(user.can[act].code ?? ''))
  if (shown.length === 0) return null
  return (
    <>
      <Menu position="bottom-end" width={280} floatingStrategy="fixed">
        <Menu.Target>
          <ActionIcon ref={button} variant="default" size={32} aria-label={t('user.actions')}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {shown.map(({ act, icon: Icon }) => {
            const { allowed = false, code, detail, params } = user.can[act] ?? {}
            return (
              <Menu.Item
                key={act}
                aria-disabled={!allowed}
                data-off={!allowed || undefined}
                closeMenuOnClick={allowed}
                leftSection={<Icon size={17} stroke={1.6} aria-hidden />}
                c={!allowed ? 'dimmed' : act === 'delete' ? 'var(--mantine-color-error)' : undefined}
                onClick={() => allowed && setAct(act)}
              >
                {t(`user.act_${act}`)}
                {!allowed && detail && (
                  <Text size="xs" c="dimmed">
                    <ServerWords of={{ code, detail, params }} />
                  </Text>
                )}
              </Menu.Item>
            )
          })}
        </Menu.Dropdown>
      </Menu>
      {act && <ActDialog act={act} user={user} opener={button} close={() => setAct(undefined)} gone={gone} />}
    </>
  )
}
