import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useTitle } from '../../lib/title'
import { LanguageChoice } from '../LanguageChoice'
import { Mark } from '../../ui/Mark'
import classes from './PublicPage.module.css'

/** A calm page with one thing on it, for people who are not signed in. */
export function PublicPage({ title, text, children }: { title: string; text?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation()
  useTitle(title)
  return (
    <div className={classes.page}>
      <main className={classes.main}>
        <Group gap={10} mb="xl" justify="center">
          <Mark size={28} />
          <Text fw={600} size="lg">
            {t('common.product')}
          </Text>
        </Group>
        <Paper className={classes.card} withBorder>
          <Title order={1}>{title}</Title>
          {text && (
            <Text c="dimmed" size="sm" mt={4} className="given">
              {text}
            </Text>
          )}
          <Stack mt="lg" gap="md">
            {children}
          </Stack>
        </Paper>
        <Group justify="center" mt="lg">
          <LanguageChoice />
        </Group>
      </main>
    </div>
  )
}
