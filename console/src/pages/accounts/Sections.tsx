import { Alert, ColorInput, NumberInput, Radio, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconLock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../api/client'
import { useFormats } from '../../lib/formats'
import { DurationInput } from '../../parts/form/DurationInput'
import { Section } from '../../parts/form/Section'
import type { Fields } from './fields'
import { LogoField } from './LogoField'

interface Props {
  form: UseFormReturnType<Fields>
  seats: Schema['SeatsView']
  readOnly: string | undefined
}

const COLORS = ['#4c58d3', '#1c7ed6', '#0c8599', '#0a7f3f', '#a85b00', '#d6336c', '#ae3ec9', '#495057']

/** The settings by subject. Somebody who may only look sees them, with the reason why they are fixed. */
export function Sections({ form, seats, readOnly }: Props) {
  const { t } = useTranslation()
  return (
    <fieldset disabled={Boolean(readOnly)} style={{ border: 0, margin: 0, padding: 0, maxWidth: 820 }}>
      <Stack gap="lg">
        {readOnly && (
          <Alert variant="light" color="gray" icon={<IconLock size={18} aria-hidden />}>
            {readOnly}
          </Alert>
        )}
        <Section title={t('settings.general')}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput label={t('settings.name')} required {...form.getInputProps('name')} />
            <TextInput
              label={t('settings.slug')}
              description={t('settings.slugText')}
              required
              {...form.getInputProps('slug')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
            />
            <ColorInput
              label={t('settingWords.branding/accent_color')}
              description={t('settings.accentText')}
              placeholder={t('settingWords.branding/accent_color/null')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              format="hex"
              fixOnBlur={false}
              withEyeDropper={false}
              swatches={COLORS}
              swatchesPerRow={8}
              {...form.getInputProps('branding/accent_color')}
            />
            <LogoField />
          </SimpleGrid>
        </Section>
        <SeatSection form={form} seats={seats} />
        <Section title={t('settings.sessions')} text={t('settings.sessionsText')}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <DurationInput
              label={t('settingWords.sessions/idle_timeout_seconds')}
              {...form.getInputProps('sessions/idle_timeout_seconds')}
            />
            <DurationInput
              label={t('settingWords.sessions/max_length_seconds')}
              {...form.getInputProps('sessions/max_length_seconds')}
            />
          </SimpleGrid>
          <Switch
            mt="md"
            label={t('settingWords.sessions/renew_while_open')}
            description={t('settings.renewText')}
            {...form.getInputProps('sessions/renew_while_open', { type: 'checkbox' })}
          />
        </Section>
        <Section title={t('settings.passwords')} text={t('settings.passwordsText')}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <NumberInput
              label={t('settingWords.passwords/min_length')}
              required
              allowDecimal={false}
              {...form.getInputProps('passwords/min_length')}
            />
            <NumberInput
              label={t('settingWords.passwords/min_special')}
              required
              allowDecimal={false}
              {...form.getInputProps('passwords/min_special')}
            />
          </SimpleGrid>
        </Section>
        <Section title={t('settings.links')} text={t('settings.linksText')}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <DurationInput
              label={t('settingWords.links/activation_seconds')}
              {...form.getInputProps('links/activation_seconds')}
            />
            <DurationInput
              label={t('settingWords.links/password_reset_seconds')}
              {...form.getInputProps('links/password_reset_seconds')}
            />
          </SimpleGrid>
        </Section>
      </Stack>
    </fieldset>
  )
}

function SeatSection({ form, seats }: Omit<Props, 'readOnly'>) {
  const { t } = useTranslation()
  const formats = useFormats()
  const now = t('settings.seatsNow', { active: formats.number(seats.active), pending: formats.number(seats.pending) })
  return (
    <Section title={t('settings.seats')} text={now}>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <NumberInput
          label={t('settingWords.seats/limit')}
          placeholder={t('settingWords.seats/limit/null')}
          allowDecimal={false}
          allowNegative={false}
          {...form.getInputProps('seats/limit')}
        />
        <Radio.Group label={t('settingWords.seats/mode')} {...form.getInputProps('seats/mode')}>
          <Stack gap={8} mt={6}>
            <Radio value="hard" label={t('settingWords.seats/mode/hard')} />
            <Radio value="soft" label={t('settingWords.seats/mode/soft')} />
          </Stack>
        </Radio.Group>
        <Radio.Group label={t('settingWords.seats/counted_from')} {...form.getInputProps('seats/counted_from')}>
          <Stack gap={8} mt={6}>
            <Radio value="invitation" label={t('settingWords.seats/counted_from/invitation')} />
            <Radio value="activation" label={t('settingWords.seats/counted_from/activation')} />
          </Stack>
        </Radio.Group>
      </SimpleGrid>
      {seats.left === 0 && (
        <Text size="sm" mt="sm" c="var(--mantine-color-error)">
          {t('settings.full')}
        </Text>
      )}
    </Section>
  )
}
