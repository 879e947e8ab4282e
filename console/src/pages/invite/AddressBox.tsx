import { Button, Group, Loader, Pill, PillsInput, SegmentedControl, Text, Tooltip } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type ClipboardEvent, type KeyboardEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../api/client'
import { sentence } from '../../api/problem'
import { useFormats } from '../../lib/formats'
import classes from './AddressBox.module.css'

type Row = Schema['InvitationRow']

interface Props {
  /** Everything that was typed and pasted, one piece per line: what the server reads. */
  text: string
  change: (text: string) => void
  /** What the server made of it. */
  rows: Row[] | undefined
  isChecking: boolean
}

/** Chips that are built; a list of thousands is worked through by its problems. */
const MOST = 250

/** Takes any pasted text apart into chips; each that cannot be invited says why (U-10, U-11). The server reads the text. */
export function AddressBox({ text, change, rows = [], isChecking }: Props) {
  const { t } = useTranslation()
  const formats = useFormats()
  const id = useId()
  const [typed, setTyped] = useState('')
  const [view, setView] = useState('all')
  const bad = rows.filter(({ verdict }) => verdict !== 'invited')
  const isNarrow = view === 'bad' && bad.length > 0
  const shown = isNarrow ? bad : rows

  const add = (more: string) => {
    setTyped('')
    if (more.trim()) change(text.trim() ? `${text}\n${more}` : more)
  }
  const keep = (wanted: (row: Row) => boolean) =>
    change(
      rows
        .filter(wanted)
        .map((row) => row.text)
        .join('\n'),
    )
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      if (typed.trim()) event.preventDefault()
      add(typed)
    } else if ((event.key === ',' || event.key === ';') && typed.includes('@')) {
      event.preventDefault()
      add(typed)
    } else if (event.key === 'Backspace' && typed === '' && !isChecking) {
      const last = rows.at(-1)
      if (last) keep((row) => row !== last)
    }
  }
  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData('text')
    if (!/[\s,;]/.test(pasted.trim())) return
    event.preventDefault()
    add(`${typed} ${pasted}`)
  }
  return (
    <div>
      <PillsInput
        id={id}
        label={t('invite.addresses')}
        description={t('invite.addressesText')}
        classNames={{ input: classes.box }}
        rightSection={isChecking && <Loader size={14} aria-hidden />}
      >
        <Pill.Group className={classes.pills}>
          {shown.slice(0, MOST).map((row, index) => (
            <Chip
              key={`${row.text}${index}`}
              row={row}
              isFixed={isChecking}
              remove={() => keep((other) => other !== row)}
            />
          ))}
          {shown.length > MOST && (
            <Text size="sm" c="dimmed" px={6}>
              {t('invite.moreChips', { count: shown.length - MOST, number: formats.number(shown.length - MOST) })}
            </Text>
          )}
          <PillsInput.Field
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            onBlur={() => add(typed)}
            placeholder={rows.length === 0 ? 'Ana Lopez <ana@example.com>; bob@example.com' : ''}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
        </Pill.Group>
      </PillsInput>
      <Group mt={6} gap="sm" mih={26} role="status" aria-live="polite">
        {rows.length > 0 && (
          <Text size="xs" c="dimmed">
            {t('invite.counts', { good: formats.number(rows.length - bad.length), bad: formats.number(bad.length) })}
          </Text>
        )}
        {bad.length > 0 && rows.length > 8 && (
          <SegmentedControl
            size="xs"
            value={isNarrow ? 'bad' : 'all'}
            onChange={setView}
            aria-label={t('invite.show')}
            data={[
              { value: 'all', label: t('common.all') },
              { value: 'bad', label: t('invite.problems') },
            ]}
          />
        )}
        {bad.length > 0 && (
          <Button
            size="compact-xs"
            variant="subtle"
            disabled={isChecking}
            onClick={() => keep(({ verdict }) => verdict === 'invited')}
          >
            {t('invite.removeBad')}
          </Button>
        )}
        {rows.length > 0 && (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => change('')}>
            {t('common.clear')}
          </Button>
        )}
      </Group>
    </div>
  )
}

function Chip({ row, isFixed, remove }: { row: Row; isFixed: boolean; remove: () => void }) {
  const { t } = useTranslation()
  const isBad = row.verdict !== 'invited'
  const why = row.detail ? sentence(row.detail) : undefined
  const chip = (
    <Pill
      className={classes.chip}
      data-bad={isBad || undefined}
      withRemoveButton={!isFixed}
      onRemove={remove}
      removeButtonProps={{ 'aria-label': t('invite.remove', { text: row.text }), tabIndex: 0 }}
    >
      {isBad && <IconAlertTriangle size={13} aria-hidden className={classes.sign} />}
      <bdi>{row.email ?? row.text}</bdi>
      {isBad && <span className={classes.verdict}>{t(`invite.verdict_${row.verdict as 'duplicate'}`)}</span>}
    </Pill>
  )
  return why ? (
    <Tooltip label={why}>
      <span>{chip}</span>
    </Tooltip>
  ) : (
    chip
  )
}
