import { Skeleton, Stack } from '@mantine/core'
import { PublicPage } from './PublicPage'

/** A public page before its data is there. */
export function Waiting({ title }: { title: string }) {
  return (
    <PublicPage title={title}>
      <Stack aria-busy>
        <Skeleton h={34} />
        <Skeleton h={34} />
        <Skeleton h={34} />
      </Stack>
    </PublicPage>
  )
}
