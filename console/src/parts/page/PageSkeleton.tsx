import { Skeleton, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** A page before its data is there. */
export function PageSkeleton() {
  const { t } = useTranslation()
  return (
    <Stack p="lg" gap="md" aria-busy aria-label={t('common.loading')} role="status">
      <Skeleton h={26} w={180} />
      <Skeleton h={34} />
      {Array.from({ length: 8 }, (_, row) => (
        <Skeleton key={row} h={20} w={`${95 - ((row * 7) % 20)}%`} />
      ))}
    </Stack>
  )
}
