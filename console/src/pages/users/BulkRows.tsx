import { ScrollArea, Text } from '@mantine/core'
import { IconCheck, IconEqual, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ServerWords } from '../../parts/ServerWords'
import classes from './BulkRows.module.css'
import type { BulkAnswer } from './bulk'

const ICONS = { changed: IconCheck, unchanged: IconEqual, refused: IconX }
const ORDER = { refused: 0, changed: 1, unchanged: 2 }
/** Rows that are listed; the numbers above count all of them. */
const MOST = 200

/** The verdict on every row, refused ones first (U-30). */
export function BulkRows({ rows }: { rows: BulkAnswer['rows'] }) {
  const { t } = useTranslation()
  const sorted = rows.toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict])
  return (
    <ScrollArea.Autosize
      mah={220}
      type="auto"
      className={classes.frame}
      viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('bulk.rows') }}
    >
      <ul className={classes.list}>
        {sorted.slice(0, MOST).map(({ id, email, verdict, code, detail, params }) => {
          const Icon = ICONS[verdict]
          return (
            <li key={id} data-verdict={verdict}>
              <Icon size={15} aria-hidden />
              <bdi className={classes.email}>{email ?? id}</bdi>
              <Text size="xs" c="dimmed" className={classes.why}>
                {detail ? <ServerWords of={{ code, detail, params }} /> : t(`bulk.row_${verdict}`)}
              </Text>
            </li>
          )
        })}
        {rows.length > MOST && <li>{t('bulk.moreRows', { count: rows.length - MOST })}</li>}
      </ul>
    </ScrollArea.Autosize>
  )
}
