import { MultiSelect, type MultiSelectProps } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { systemsQuery } from '../../api/queries'
import { useAccount } from '../session/me'

/** Some of the account's systems. */
export function SystemPicker(props: Omit<MultiSelectProps, 'data'>) {
  const { t } = useTranslation()
  const { slug } = useAccount()
  const { data: systems = [] } = useQuery(systemsQuery(slug))
  const [typed, setTyped] = useState('')
  return (
    <MultiSelect
      data={systems.map(({ id, name }) => ({ value: id, label: name }))}
      searchable
      hidePickedOptions
      clearable
      // Enter takes the first that fits what is typed; where none does, it is no Enter of the form around. Where nothing is
      // typed, it takes only what was reached by arrows: a second Enter gives no system that nobody chose.
      selectFirstOptionOnChange={typed !== ''}
      searchValue={typed}
      onSearchChange={setTyped}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.currentTarget.value !== '') event.preventDefault()
      }}
      // The list itself scrolls, so that assistive technology knows what scrolls it: the keys of the field.
      withScrollArea={false}
      styles={{
        options: { maxHeight: 240, overflowY: 'auto' },
        // What is typed fits beside the last of the chosen, not in a line of its own.
        inputField: { minWidth: 48 },
      }}
      placeholder={props.value?.length ? '' : t('users.chooseSystems')}
      nothingFoundMessage={t('shell.paletteNothing')}
      clearButtonProps={{ 'aria-label': t('common.clear'), size: '24px' }}
      {...props}
    />
  )
}
