import { Anchor, Button, Card, Menu, NavLink } from '@mantine/core'
import { createLink } from '@tanstack/react-router'

// Mantine's own controls as links of the router: addresses and their parameters are checked by the compiler.

export const AnchorLink = createLink(Anchor<'a'>)
export const ButtonLink = createLink(Button<'a'>)
export const CardLink = createLink(Card<'a'>)
export const MenuLink = createLink(Menu.Item<'a'>)
export const NavigationLink = createLink(NavLink<'a'>)
