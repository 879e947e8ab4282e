import '@mantine/charts/styles.css'
import { AreaChart, BarChart } from '@mantine/charts'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../lib/formats'
import { Picture } from './Picture'
import { heldRoles, waysOf } from './statistics'
import type { Figures } from './queries'

const STATUSES = ['active', 'provisioned', 'inactive'] as const
const COLORS = { active: 'teal.7', provisioned: 'orange.6', inactive: 'gray.6' }
const WAY_COLORS = ['accent.5', 'teal.6', 'orange.6', 'grape.6']

/** Each picture stands still: it is read, not watched. */
const STILL = { isAnimationActive: false } as const
const QUIET = { accessibilityLayer: false } as const

/** How many users stood where at the end of each day. */
export function StatusOverTime({ figures }: { figures: Figures }) {
  const { t } = useTranslation()
  const formats = useFormats()
  const days = figures.days.map(({ day, users }) => ({ day: formats.day(day), ...users }))
  const name = (status: (typeof STATUSES)[number]) => t(`users.${status}`)
  return (
    <Picture
      title={t('insights.statusTitle')}
      text={t('insights.statusText')}
      columns={[t('insights.day'), ...STATUSES.map(name)]}
      rows={figures.days
        .toReversed()
        .map(({ day, users }) => [formats.day(day), ...STATUSES.map((status) => formats.number(users[status] ?? 0))])}
    >
      <AreaChart
        h={240}
        data={days}
        dataKey="day"
        type="stacked"
        curveType="step"
        withDots={false}
        withLegend
        valueFormatter={formats.number}
        series={STATUSES.map((status) => ({ name: status, label: name(status), color: COLORS[status] }))}
        areaProps={STILL}
        areaChartProps={QUIET}
        yAxisProps={{ allowDecimals: false }}
      />
    </Picture>
  )
}

const WAYS = ['password', 'password_and_factor', 'passkey', 'sso'] as const

/** How often people signed in on each day, and how. */
export function SignInsByDay({ figures }: { figures: Figures }) {
  const { t } = useTranslation()
  const formats = useFormats()
  const ways = waysOf(figures.days)
  const name = (way: string) => {
    const known = WAYS.find((known) => known === way)
    return known ? t(`insights.way_${known}`) : way
  }
  const days = figures.days.map(({ day, sign_ins }) => ({ day: formats.day(day), ...sign_ins }))
  return (
    <Picture
      title={t('insights.signInTitle')}
      text={t('insights.signInText')}
      columns={[t('insights.day'), ...ways.map(name)]}
      rows={figures.days
        .toReversed()
        .map(({ day, sign_ins }) => [formats.day(day), ...ways.map((way) => formats.number(sign_ins[way] ?? 0))])}
    >
      <BarChart
        h={220}
        data={days}
        dataKey="day"
        type="stacked"
        withLegend={ways.length > 1}
        valueFormatter={formats.number}
        series={ways.map((way, place) => ({
          name: way,
          label: name(way),
          color: WAY_COLORS[place % WAY_COLORS.length] ?? 'accent.5',
        }))}
        barProps={STILL}
        barChartProps={QUIET}
        yAxisProps={{ allowDecimals: false }}
      />
    </Picture>
  )
}

const ROW = 30

/** Who has which role now. */
export function RolesNow({ figures }: { figures: Figures }) {
  const { t } = useTranslation()
  const formats = useFormats()
  const roles = heldRoles(figures)
  const name = (status: (typeof STATUSES)[number]) => t(`users.${status}`)
  return (
    <Picture
      title={t('insights.rolesTitle')}
      text={t('insights.rolesText')}
      columns={[t('roles.role'), ...STATUSES.map(name)]}
      rows={roles.map((role) => [role.name, ...STATUSES.map((status) => formats.number(role[status]))])}
    >
      <BarChart
        h={roles.length * ROW + 60}
        data={roles}
        dataKey="name"
        type="stacked"
        orientation="vertical"
        withLegend
        gridAxis="x"
        valueFormatter={formats.number}
        series={STATUSES.map((status) => ({ name: status, label: name(status), color: COLORS[status] }))}
        barProps={{ ...STILL, maxBarSize: 18 }}
        barChartProps={QUIET}
        xAxisProps={{ allowDecimals: false }}
        yAxisProps={{ width: 130, interval: 0 }}
      />
    </Picture>
  )
}
