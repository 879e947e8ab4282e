import { SimpleGrid, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Page } from '../../parts/page/Page'
import { OwnSessions } from './OwnSessions'
import { PasswordForm } from './PasswordForm'
import { ProfileForm } from './ProfileForm'

/** One's own things: name, language, where one is signed in. */
export function ProfilePage() {
  const { t } = useTranslation()
  return (
    <Page title={t('profile.title')} text={t('profile.text')}>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg" mt="lg" style={{ alignItems: 'start' }}>
        <Stack gap="lg">
          <ProfileForm />
          <PasswordForm />
        </Stack>
        <OwnSessions />
      </SimpleGrid>
    </Page>
  )
}
