import { Skeleton, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Refusal } from '../../../parts/act/Refusal'
import { When } from '../../../parts/When'
import { useAccount } from '../../../parts/session/me'
import { AnchorLink } from '../../../ui/links'
import { Actor } from '../../../parts/activity/EventList'
import { Further } from '../../../parts/activity/Further'
import { useEvents } from '../../../parts/activity/useEvents'
import { useActionWords } from '../../../parts/activity/words'
import classes from './AccessPart.module.css'

const LATEST = 20

/** What happened to this user lately, and the way to everything. */
export function ActivityPart({ user }: { user: string }) {
  const { t } = useTranslation()
  const words = useActionWords()
  const { slug: account } = useAccount()
  const { events, page, search } = useEvents({ target: user }, LATEST)
  if (events.isPending) return <Skeleton h={160} />
  if (events.isError) return <Refusal error={events.error} retry={() => void events.refetch()} />
  if (search) return <Further {...search} />
  if (!page) return null
  const { items, next_cursor } = page
  return (
    <>
      {items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('user.noActivity')}
        </Text>
      )}
      <ul className={classes.list}>
        {items.map((event) => (
          <li key={event.id}>
            <div className={classes.line}>
              <AnchorLink
                to="/accounts/$account/activity"
                params={{ account }}
                search={{ target: user, entry: event.id }}
                c="inherit"
                size="sm"
              >
                {words(event.action)}
              </AnchorLink>
              <Text size="xs" c="dimmed">
                <When at={event.at} />
              </Text>
            </div>
            <Text size="xs" c="dimmed">
              <Actor actor={event.actor} />
            </Text>
          </li>
        ))}
      </ul>
      {next_cursor && (
        <AnchorLink
          to="/accounts/$account/activity"
          params={{ account }}
          search={{ target: user }}
          size="sm"
          mt="sm"
          display="block"
        >
          {t('activity.everything')}
        </AnchorLink>
      )}
    </>
  )
}
