import { expect, it } from 'vitest'
import { heldRoles, signInsOf, waysOf } from './statistics'
import type { Figures } from './queries'

const day = (sign_ins: Record<string, number>) => ({ day: '2026-11-20', users: {}, sign_ins })

it('adds up the ways in which people signed in', () => {
  expect(signInsOf(day({ password: 3, sso: 2 }))).toBe(5)
  expect(waysOf([day({ sso: 2 }), day({ password: 1 })])).toEqual(['password', 'sso'])
  expect(waysOf([day({})])).toEqual(['password'])
})

it('shows the roles that somebody has, most users first', () => {
  const roles = [
    { id: 'admin', name: 'Admin', users: { active: 1, deleted: 9 } },
    { id: 'analyst', name: 'Analyst', users: { deleted: 1 } },
    { id: 'builder', name: 'Builder', users: { active: 2, provisioned: 1 } },
  ]
  expect(heldRoles({ roles } as unknown as Figures).map(({ name, all }) => [name, all])).toEqual([
    ['Builder', 3],
    ['Admin', 1],
  ])
})
