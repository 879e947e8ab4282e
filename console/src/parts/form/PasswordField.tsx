import { type PasswordInputProps, Text } from '@mantine/core'
import { IconCheck, IconCircle } from '@tabler/icons-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../api/client'
import classes from './PasswordField.module.css'
import { Secret } from '../../ui/Secret'

type Rules = Schema['PasswordRules']

/** A new password with its rules as the server gives them, ticked while one types. What only the server knows is said so. */
export function PasswordField({
  rules,
  value = '',
  ...props
}: { rules: Rules | undefined; value?: string } & Omit<PasswordInputProps, 'value'>) {
  const { t } = useTranslation()
  const id = useId()
  const characters = [...value.normalize('NFKC')]
  const specials = characters.filter((character) => !/[\p{L}\p{N}\p{M}]/u.test(character)).length
  const lines = rules
    ? [
        { met: characters.length >= rules.min_length, text: t('session.ruleLength', { count: rules.min_length }) },
        { met: specials >= rules.min_special, text: t('session.ruleSpecial', { count: rules.min_special }) },
      ]
    : []
  if (rules && characters.length > rules.max_length) {
    lines.push({ met: false, text: t('session.ruleLong', { count: rules.max_length }) })
  }
  return (
    <div>
      <Secret value={value} autoComplete="new-password" aria-describedby={id} {...props} />
      <ul id={id} className={classes.rules} aria-label={t('session.strength')}>
        {lines.map(({ met, text }) => (
          <li key={text} data-met={met || undefined}>
            {met ? <IconCheck size={14} aria-hidden /> : <IconCircle size={14} aria-hidden />}
            <span>
              {text} <span className={classes.hidden}>({met ? t('session.ruleMet') : t('session.ruleOpen')})</span>
            </span>
          </li>
        ))}
      </ul>
      <Text size="xs" c="dimmed" mt={4}>
        {t('session.ruleLeaks')}
      </Text>
    </div>
  )
}
