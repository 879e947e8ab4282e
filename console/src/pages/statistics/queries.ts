import { queryOptions } from '@tanstack/react-query'
import { type Schema, api, body } from '../../api/client'

export type Figures = Schema['FiguresView']
export type DayFigures = Figures['days'][number]

export const figuresQuery = (account: string, days: number) =>
  queryOptions({
    queryKey: [account, 'users', 'figures', days],
    queryFn: ({ signal }) =>
      body(
        api.GET('/api/v1/accounts/{account}/statistics', { params: { path: { account }, query: { days } }, signal }),
      ),
  })
