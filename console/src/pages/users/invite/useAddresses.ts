import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type Schema, api, body } from '../../../api/client'
import { hasCode } from '../../../api/problem'
import { useKept } from '../../../lib/useKept'
import { type Draft, added, settled } from './draft'
import { written } from './people'

interface Given {
  role_id: string
  systems: 'all' | string[]
}

/** What the server makes of the addresses of a draft, and the ways to change them. */
export function useAddresses(
  account: string,
  draft: Draft,
  change: (part: Partial<Draft> | ((now: Draft) => Partial<Draft>)) => void,
  { role_id, systems }: Given,
) {
  const { t } = useTranslation()
  const { text, column } = draft
  const wanted = useMemo(() => ({ text, column }), [text, column])
  const [asked] = useDebouncedValue(wanted, 120)
  const preview = useQuery({
    queryKey: [account, 'invite', asked, role_id, systems],
    enabled: asked.text.trim() !== '' && role_id !== '',
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const outcome = await body(
        api.POST('/api/v1/accounts/{account}/users', {
          params: { path: { account }, query: { dry_run: true } },
          body: { ...bodyOf(asked), role_id, systems, skip_invalid: true },
          signal,
        }),
      )
      return { asked, outcome }
    },
  })
  const isEmpty = text.trim() === ''
  const judged = useKept(preview.data, isEmpty ? '' : account)
  const outcome = isEmpty ? undefined : judged?.outcome
  const isAnswered = asked === wanted && !preview.isFetching
  const isFresh = isAnswered && preview.data !== undefined
  const isUnclear = outcome?.items.some(({ verdict }) => verdict === 'ambiguous_column') ?? false
  const linesOf = ({ items }: Schema['InvitationResult']) =>
    items.map((row) => written(row, t('invite.notMeant'))).join('\n')
  // Nothing is added to a table before it is known what it is, nor while it waits for its column.
  const isTable = (outcome?.address_columns.length ?? 0) > 0
  const isOpen = !isEmpty && (isTable || !isAnswered)
  const isSettled = isAnswered && !isUnclear && (column === undefined || isFresh)
  const lines = isSettled && draft.waiting.length > 0 ? { chosen: outcome && linesOf(outcome) } : undefined
  useEffect(() => {
    if (lines) change((now) => settled(now, lines.chosen))
  })
  return {
    outcome,
    preview,
    isEmpty,
    isAnswered,
    isFresh: isFresh && draft.waiting.length === 0,
    isUnclear,
    hasNone: hasCode(preview.error, 'no_addresses'),
    lastGood: judged && (judged.asked.column === undefined ? judged.asked.text : linesOf(judged.outcome)),
    append: (more: string) => change((now) => added(now, more, isOpen)),
    // Who changes a chip changes what was read, where the column was used already.
    replace: (next: string) => change({ text: next, column: undefined, waiting: [] }),
  }
}

/** What a request says of the addresses. */
export const bodyOf = ({ text, column }: Pick<Draft, 'text' | 'column'>) => ({
  emails: text,
  ...(column !== undefined && { address_column: column }),
})
