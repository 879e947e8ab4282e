import { type ButtonProps, Tooltip } from '@mantine/core'
import { type MouseEvent, type ReactElement, cloneElement } from 'react'

type Control = ReactElement<ButtonProps & { onClick?: (event: MouseEvent) => void }>

/** A button that cannot be used here stays in reach of mouse and keyboard, and says why. Without a reason it is as it is. */
export function WhyNot({ why, children }: { why: string | undefined; children: Control }) {
  if (!why) return children
  const off = {
    'data-disabled': true,
    'aria-disabled': true,
    onClick: (event: MouseEvent) => event.preventDefault(),
  }
  return <Tooltip label={why}>{cloneElement(children, off)}</Tooltip>
}
