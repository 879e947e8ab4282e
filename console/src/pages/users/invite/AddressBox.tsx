import { Button, FileButton, Group, Loader, Pill, PillsInput, SegmentedControl, Text, Tooltip } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import {
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  useEffect,
  useEffectEvent,
  useId,
  useRef,
  useState,
} from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../../api/client'
import { useEscape } from '../../../lib/useEscape'
import { ServerWords } from '../../../parts/ServerWords'
import classes from './AddressBox.module.css'
import { answerTo, isWhole, textOf, written } from './people'

type Row = Schema['InvitationRow']

interface Props {
  /** Everything that was typed and pasted, one piece per line: what the server reads. */
  text: string
  change: (text: string) => void
  /** Adds to whatever the text is by then. */
  append: (more: string) => void
  /** What the server made of it, as far as it has looked. */
  rows: Row[] | undefined
  isChecking: boolean
  /** Nobody said yet which column of the table has the addresses: until then its rows must stay together with its header. */
  isUnclear: boolean
  /** The text as it stands was not looked at; the last one that was is `lastGood`. */
  isRefused: boolean
  /** It was looked at, and no address is in it. */
  hasNone: boolean
  lastGood: string | undefined
}

/** What may be dropped or chosen. */
const FILES = '.csv,.tsv,.txt,text/csv,text/plain,text/tab-separated-values'

/** Chips that are built; a list of thousands is worked through by its problems. */
const MOST = 250

/** Whether a comma at the caret ends the address that is typed, instead of standing within it. */
const endsAddress = ({ value, selectionStart }: HTMLInputElement) => selectionStart === value.length && isWhole(value)

/** Takes any pasted text apart into chips; each that cannot be invited says why (U-10, U-11). The server reads the text. */
export function AddressBox(props: Props) {
  const { text, change, append, rows = [], isChecking, isUnclear, isRefused, hasNone, lastGood } = props
  const { t } = useTranslation()
  const id = useId()
  const [typed, setTyped] = useState('')
  // The chip that is being edited, as it was. It stays one: its commas are its own.
  const [edited, setEdited] = useState<string>()
  const [view, setView] = useState('all')
  const [isOver, setIsOver] = useState(false)
  const [noText, setNoText] = useState<string>()
  const field = useRef<HTMLInputElement>(null)
  const isFixed = isChecking || isUnclear || isRefused
  const bad = rows.filter(({ verdict }) => verdict !== 'invited')
  const isNarrow = view === 'bad' && bad.length > 0
  const shown = isNarrow ? bad : rows

  const add = (more: string) => {
    setTyped('')
    setEdited(undefined)
    setNoText(undefined)
    if (more.trim()) append(more)
  }
  // Whoever closes the dialog over what is half typed, or a chip that is being edited, finds it as a chip later.
  const keepTyped = useEffectEvent(() => {
    if (typed.trim()) append(typed)
  })
  useEffect(() => () => keepTyped(), [])
  // The buttons that do these are gone afterwards, so the field has the focus.
  const put = (next: string) => {
    change(next)
    field.current?.focus()
  }
  const write = (row: Row) => written(row, t('invite.notMeant'))
  const keep = (wanted: (row: Row) => boolean) => put(rows.filter(wanted).map(write).join('\n'))
  // What was half typed becomes a chip, and the chip what is typed.
  const edit = (row: Row) => {
    put([...rows.filter((other) => other !== row).map(write), typed].join('\n').trim())
    setTyped(write(row))
    setEdited(write(row))
  }
  // Escape leaves the chip as it was; the dialog stays.
  useEscape(edited !== undefined, () => add(edited ?? ''))
  const addFiles = async (files: File[]) => {
    const texts = await Promise.all(files.map(async (file) => textOf(new Uint8Array(await file.arrayBuffer()))))
    add([typed, ...texts.filter((text) => text !== undefined)].join('\n').trim())
    setNoText(files.find((_, place) => texts[place] === undefined)?.name)
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    const files = [...event.dataTransfer.files]
    if (files.length > 0) void addFiles(files)
    else add(`${typed}\n${event.dataTransfer.getData('text')}`)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      if (typed.trim()) event.preventDefault()
      add(typed)
    } else if ((event.key === ',' || event.key === ';') && edited === undefined && endsAddress(event.currentTarget)) {
      event.preventDefault()
      add(typed)
    } else if (event.key === 'Backspace' && typed === '' && !isFixed) {
      const last = rows.at(-1)
      if (last) keep((row) => row !== last)
    }
  }
  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData('text')
    // A line of its own is another chip, also beside one that is being edited.
    if (!(edited !== undefined ? /[\n\r]/ : /[\s,;]/).test(pasted.trim())) return
    event.preventDefault()
    // A table keeps its first line for itself.
    add(/[\n\r]/.test(pasted) ? `${typed}\n${pasted}`.trim() : `${typed} ${pasted}`)
  }
  return (
    <div
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
    >
      <PillsInput
        id={id}
        label={t('invite.addresses')}
        description={t('invite.addressesText')}
        classNames={{ input: classes.box }}
        error={noText && t('invite.noTextFile', { name: noText })}
        rightSection={isChecking && <Loader size={14} aria-hidden />}
      >
        <Pill.Group className={classes.pills}>
          {keyed(shown.slice(0, MOST)).map(([key, row]) => (
            <Chip
              key={key}
              row={row}
              isFixed={isFixed}
              edit={() => edit(row)}
              remove={() => keep((other) => other !== row)}
            />
          ))}
          {shown.length > MOST && (
            <Text size="sm" c="dimmed" px={6}>
              {t('invite.moreChips', { count: shown.length - MOST })}
            </Text>
          )}
          <PillsInput.Field
            ref={field}
            value={typed}
            onChange={({ currentTarget: { value } }) => {
              setTyped(value)
              if (value === '') setEdited(undefined)
            }}
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
        {isRefused ? (
          <Text size="xs" c="dimmed">
            {hasNone ? t('invite.noAddress') : t('invite.lines', { count: text.split('\n').length })}
          </Text>
        ) : (
          rows.length > 0 && (
            <Text size="xs" c="dimmed">
              {t('invite.counts', { good: rows.length - bad.length, bad: bad.length })}
            </Text>
          )
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
            disabled={isFixed}
            onClick={() => keep(({ verdict }) => verdict === 'invited')}
          >
            {t('invite.removeBad')}
          </Button>
        )}
        {isRefused && lastGood !== undefined && (
          <Button size="compact-xs" variant="subtle" onClick={() => put(lastGood)}>
            {t('invite.takeBack')}
          </Button>
        )}
        <FileButton onChange={(files) => void addFiles(files)} accept={FILES} multiple>
          {(props) => (
            <Button size="compact-xs" variant="subtle" color="gray" {...props}>
              {t('invite.chooseFile')}
            </Button>
          )}
        </FileButton>
        {text.trim() !== '' && (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => put('')}>
            {t('common.clear')}
          </Button>
        )}
      </Group>
    </div>
  )
}

/** Each row by its text, and of the same text by its turn: one that goes takes no other's place. */
function keyed(rows: Row[]) {
  const turns = new Map<string, number>()
  return rows.map((row) => {
    const turn = turns.get(row.text) ?? 0
    turns.set(row.text, turn + 1)
    return [`${turn} ${row.text}`, row] as const
  })
}

interface ChipProps {
  row: Row
  isFixed: boolean
  edit: () => void
  remove: () => void
}

/** A double click makes it text again; with the keyboard Enter or F2. */
function Chip({ row, isFixed, edit, remove }: ChipProps) {
  const { t } = useTranslation()
  const isBad = row.verdict !== 'invited'
  const asText = written(row, t('invite.notMeant'))
  const why = row.detail ? <ServerWords of={answerTo(row)} /> : undefined
  const chip = (
    <Pill
      className={classes.chip}
      data-bad={isBad || undefined}
      withRemoveButton={!isFixed}
      onRemove={remove}
      removeButtonProps={{ 'aria-label': t('invite.remove', { text: row.text }), 'aria-hidden': false, tabIndex: 0 }}
    >
      {isBad && <IconAlertTriangle size={13} aria-hidden className={classes.sign} />}
      <button
        type="button"
        className={classes.edit}
        disabled={isFixed}
        aria-label={t('invite.edit', { text: asText })}
        title={`${asText}\n${t('invite.editHint')}`}
        onDoubleClick={edit}
        onClick={({ detail }) => detail === 0 && edit()}
        onKeyDown={({ key }) => key === 'F2' && edit()}
      >
        {row.name && row.email && <bdi className={classes.name}>{row.name}</bdi>}
        <bdi className={classes.address}>{row.email ?? row.text}</bdi>
      </button>
      {isBad && <span className={classes.verdict}>{t(`invite.verdict_${row.verdict}`)}</span>}
    </Pill>
  )
  return why ? (
    <Tooltip label={why}>
      <span className={classes.told}>{chip}</span>
    </Tooltip>
  ) : (
    chip
  )
}
