import { Alert } from '@mantine/core'
import type { ReactNode } from 'react'

/** Says above a list or a page what its readers should do something about. */
export function Notice({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <Alert color="orange" variant="light" icon={icon} mb="md" c="var(--mantine-color-text)">
      {children}
    </Alert>
  )
}
