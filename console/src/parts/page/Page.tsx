import { Group, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTitle } from '../../lib/title'
import classes from './Page.module.css'

/** A page of the console: title, what can be done on it, content. */
export function Page({
  title,
  text,
  actions,
  children,
}: {
  title: string
  text?: string
  actions?: ReactNode
  children: ReactNode
}) {
  useTitle(title)
  return (
    <div className={classes.page}>
      <Group justify="space-between" align="start" mb="md" gap="sm">
        <div>
          <Title order={1} className={classes.title}>
            {title}
          </Title>
          {text && (
            <Text size="sm" c="dimmed" mt={2} maw={640}>
              {text}
            </Text>
          )}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </div>
  )
}
