import { Box, Button, Checkbox, Group, Popover, Stack, Text, TextInput } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  label: string
  choices: { value: string; label: string }[]
  chosen: string[]
  choose: (values: string[]) => void
}

/** One filter: a button that says what it filters by, and the values to tick. */
export function Facet({ label, choices, chosen, choose }: Props) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const found = choices.filter((choice) => choice.label.toLowerCase().includes(text.trim().toLowerCase()))
  const names = choices.filter(({ value }) => chosen.includes(value)).map((choice) => choice.label)
  const shown = names.length > 1 ? t('users.facetMany', { count: names.length }) : names[0]
  return (
    <Popover position="bottom-start" width={260} shadow="md" trapFocus returnFocus onClose={() => setText('')}>
      <Popover.Target>
        <Button
          variant={chosen.length > 0 ? 'light' : 'default'}
          size="xs"
          maw={240}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          title={shown}
        >
          {shown ? `${label}: ${shown}` : label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        {choices.length > 8 && (
          <TextInput
            size="xs"
            mb="xs"
            placeholder={t('common.search')}
            aria-label={`${label}: ${t('common.search')}`}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              const first = found[0]?.value
              if (event.key !== 'Enter' || event.nativeEvent.isComposing || !first || text.trim() === '') return
              event.preventDefault()
              choose(chosen.includes(first) ? chosen.filter((value) => value !== first) : [...chosen, first])
            }}
            data-autofocus
          />
        )}
        <Box mah={280} style={{ overflowY: 'auto' }}>
          <Checkbox.Group value={chosen} onChange={choose} aria-label={label}>
            <Stack gap={8} p={4}>
              {found.map(({ value, label }) => (
                <Checkbox key={value} size="xs" value={value} label={<bdi>{label}</bdi>} />
              ))}
            </Stack>
          </Checkbox.Group>
          {found.length === 0 && (
            <Text size="sm" c="dimmed" p={4}>
              {t('shell.paletteNothing')}
            </Text>
          )}
        </Box>
        <Group justify="flex-end" mt="xs">
          <Button size="compact-xs" variant="subtle" disabled={chosen.length === 0} onClick={() => choose([])}>
            {t('common.clear')}
          </Button>
        </Group>
      </Popover.Dropdown>
    </Popover>
  )
}
