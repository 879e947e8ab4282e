import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import type { ComponentProps } from 'react'
import { useTyped } from '../../lib/useTyped'

interface Props extends Omit<ComponentProps<typeof TextInput>, 'value' | 'onChange'> {
  /** What the address says. */
  q: string | undefined
  search: (q: string | undefined) => void
}

/** Searches while one types; the address says for what. */
export function SearchField({ q = '', search, ...props }: Props) {
  const [text, type] = useTyped(q, (next) => search(next || undefined), 150)
  return (
    <TextInput
      size="xs"
      type="search"
      leftSection={<IconSearch size={15} aria-hidden />}
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
      {...props}
    />
  )
}
