import {
  Anchor,
  Button,
  type ButtonProps,
  Card,
  type CardProps,
  Menu,
  type MenuItemProps,
  NavLink,
} from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentPropsWithRef, MouseEvent } from 'react'

// Mantine's own controls as links of the router: addresses and their parameters are checked by the compiler.

type Own<Props> = Props & Omit<ComponentPropsWithRef<'a'>, keyof Props>

const ButtonAnchor = (props: Own<ButtonProps>) => <Button component="a" {...props} />
const CardAnchor = (props: Own<CardProps>) => <Card component="a" {...props} />
const MenuAnchor = (props: Own<MenuItemProps>) => <Menu.Item component="a" {...props} />

export const AnchorLink = createLink(Anchor<'a'>)
export const ButtonLink = createLink(ButtonAnchor)
export const CardLink = createLink(CardAnchor)
export const MenuLink = createLink(MenuAnchor)
export const NavigationLink = createLink(NavLink<'a'>)

/** Whether a click in a row is meant for something in it: a link, a button, a box. Elsewhere the row itself answers. */
export const isControl = ({ target }: MouseEvent) =>
  target instanceof Element && target.closest('a, button, input, label, select') !== null
