import { SegmentedControl, Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Suspense } from 'react'
import { lazyPart } from '../../api/fetched'
import { useTranslation } from 'react-i18next'
import { useKept } from '../../lib/useKept'
import { Page } from '../../parts/page/Page'
import { Refusal } from '../../parts/act/Refusal'
import { useAccount } from '../../parts/session/me'
import { AnchorLink } from '../../ui/links'
import { Tiles } from './Tiles'
import { figuresQuery } from './queries'
import { SPANS, type Span } from './search'

const charts = () => import('./Charts')
const StatusOverTime = lazyPart(charts, 'StatusOverTime')
const SignInsByDay = lazyPart(charts, 'SignInsByDay')
const RolesNow = lazyPart(charts, 'RolesNow')

/** Seats and sign-ins as pictures, with the numbers behind each. */
export function InsightsPage() {
  const { t } = useTranslation()
  const { slug: account } = useAccount()
  const { days = 30 } = useSearch({ from: '/signed-in/accounts/$account/insights' })
  const navigate = useNavigate({ from: '/accounts/$account/insights' })
  const figures = useQuery(figuresQuery(account, days))
  const shown = useKept(figures.data, account)
  return (
    <Page
      title={t('insights.title')}
      text={t('insights.text')}
      actions={
        <SegmentedControl
          size="xs"
          value={String(days)}
          onChange={(value) =>
            void navigate({ search: { days: value === '30' ? undefined : (Number(value) as Span) }, replace: true })
          }
          aria-label={t('insights.span')}
          data={SPANS.map((span) => ({ value: String(span), label: t('insights.inDays', { count: span }) }))}
        />
      }
    >
      <Refusal error={figures.error} retry={() => void figures.refetch()} />
      {!shown && figures.isPending && <Waiting />}
      {shown && (
        <>
          <Tiles figures={shown} />
          <Suspense fallback={<Waiting />}>
            <Stack gap="lg">
              <StatusOverTime figures={shown} />
              <SignInsByDay figures={shown} />
              <RolesNow figures={shown} />
            </Stack>
          </Suspense>
          <AnchorLink
            to="/accounts/$account/users"
            params={{ account }}
            search={{ sort: 'last_login_at', status: 'active' }}
            size="sm"
            mt="lg"
            display="inline-block"
          >
            {t('insights.dormant')}
          </AnchorLink>
        </>
      )}
    </Page>
  )
}

function Waiting() {
  const { t } = useTranslation()
  return (
    <Stack gap="lg" aria-busy role="status" aria-label={t('common.loading')}>
      <Skeleton h={70} />
      <Skeleton h={300} />
      <Skeleton h={300} />
    </Stack>
  )
}
