import { Button, FileInput, Group } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { myAccountsQuery } from '../../api/queries'
import { queryClient } from '../../api/queryClient'
import { RefusalWords } from '../../parts/act/Refusal'
import { toast } from '../../parts/act/toasts'
import { useAccount } from '../../parts/session/me'
import { AccountAvatar } from '../../ui/AccountAvatar'

/** The image that the account carries. It is taken at once, not with the fields around it. */
export function LogoField() {
  const { t } = useTranslation()
  const account = useAccount()
  const field = useRef<HTMLButtonElement>(null)
  const params = { path: { account: account.slug } }
  const show = async () => {
    await queryClient.invalidateQueries(myAccountsQuery)
    toast.success(t('common.saved'))
  }
  const set = useMutation({
    mutationFn: (image: File) =>
      api.PUT('/api/v1/accounts/{account}/logo', {
        params,
        body: image as unknown as string,
        bodySerializer: (body) => body,
        headers: { 'Content-Type': image.type || 'application/octet-stream' },
      }),
    onSuccess: show,
  })
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/v1/accounts/{account}/logo', { params }),
    onMutate: set.reset,
    onSuccess: async () => {
      await show()
      // The button that had the focus is gone.
      field.current?.focus()
    },
  })
  const error = set.error ?? remove.error
  return (
    <FileInput
      ref={field}
      label={t('settings.logo')}
      description={t('settings.logoText')}
      placeholder={t(account.logo ? 'settings.logoReplace' : 'settings.logoChoose')}
      inputWrapperOrder={['label', 'description', 'error', 'input']}
      accept="image/png,image/webp,image/jpeg"
      value={set.isPending ? set.variables : null}
      onChange={(image) => {
        remove.reset()
        if (image) set.mutate(image)
      }}
      error={error && <RefusalWords error={error} />}
      // The words above have the whole width; what is narrow is only the line of the image and its buttons.
      inputContainer={(input) => (
        <Group gap="xs" mt={4}>
          {account.logo && <AccountAvatar account={account} size={36} />}
          <div style={{ flex: '1 1 190px', minWidth: 0 }}>{input}</div>
          {account.logo && (
            <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
              {t('settings.logoRemove')}
            </Button>
          )}
        </Group>
      )}
    />
  )
}
