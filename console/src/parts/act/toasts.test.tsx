import { notificationsStore } from '@mantine/notifications'
import type { ReactElement } from 'react'
import { expect, it } from 'vitest'
import { toast } from './toasts'

type Words = ReactElement<{ children: [ReactElement<{ children: string }>] }>

it('the newest stands on top, and the oldest make room for good', () => {
  notificationsStore.updateState((state) => ({ ...state, limit: 3 }))
  toast.error(new Error('refused'))
  for (const message of ['first', 'second', 'third', 'fourth'])
    toast.success(message, { of: [message], undo: () => Promise.resolve() })
  const { notifications, queue } = notificationsStore.getState()
  const words = notifications.map(({ message }) => (message as Words).props.children[0].props.children)
  expect([words, queue]).toEqual([['fourth', 'third', 'second'], []])
})
