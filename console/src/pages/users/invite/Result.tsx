import { Button, CopyButton, Group, ScrollArea, Stack, Table, Text } from '@mantine/core'
import { IconCheck, IconCopy, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../../api/client'
import { ServerWords } from '../../../parts/ServerWords'
import { answerIn } from '../../../texts/answers'
import { answerTo } from './people'

type InvitationResult = Schema['InvitationResult']

const MOST = 300

/** What became of every address, to be read and copied. */
export function Result({ outcome, close, again }: { outcome: InvitationResult; close: () => void; again: () => void }) {
  const { t, i18n } = useTranslation()
  const { invited, refused, items } = outcome
  const word = (row: InvitationResult['items'][number]) => t(`invite.verdict_${row.verdict}`)
  const copied = items
    .map((row) =>
      [
        row.email ?? row.text,
        row.name ?? '',
        word(row),
        answerIn(i18n.language, answerTo(row)) ?? row.detail ?? '',
      ].join('\t'),
    )
    .join('\n')
  const sorted = items.toSorted((a, b) => Number(a.verdict === 'invited') - Number(b.verdict === 'invited'))
  return (
    <Stack>
      <Text role="status">
        {t('invite.done', { count: invited })} {refused > 0 && t('invite.left', { count: refused })}
      </Text>
      <ScrollArea.Autosize
        mah={360}
        type="auto"
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('invite.resultTitle') }}
      >
        <Table verticalSpacing={6} fz="sm">
          <Table.Tbody>
            {sorted.slice(0, MOST).map((row, index) => (
              <Table.Tr key={index}>
                <Table.Td w={24} style={{ verticalAlign: 'top' }}>
                  {row.verdict === 'invited' ? <IconCheck size={16} aria-hidden /> : <IconX size={16} aria-hidden />}
                </Table.Td>
                <Table.Td className="given">
                  {row.email ?? row.text}
                  {row.name && (
                    <Text size="xs" c="dimmed">
                      {row.name}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  {word(row)}
                  {row.detail && (
                    <Text size="xs" c="dimmed">
                      <ServerWords of={answerTo(row)} />
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        {items.length > MOST && (
          <Text size="sm" c="dimmed" p="xs">
            {t('bulk.moreRows', { count: items.length - MOST })}
          </Text>
        )}
      </ScrollArea.Autosize>
      <Group justify="space-between">
        <CopyButton value={copied}>
          {({ copied, copy }) => (
            <Button variant="default" leftSection={<IconCopy size={16} aria-hidden />} onClick={copy}>
              {copied ? t('common.copied') : t('invite.copy')}
            </Button>
          )}
        </CopyButton>
        <Group gap="xs">
          <Button variant="default" onClick={again}>
            {t('invite.more')}
          </Button>
          <Button onClick={close} data-autofocus>
            {t('common.close')}
          </Button>
        </Group>
      </Group>
    </Stack>
  )
}
