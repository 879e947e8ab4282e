import type { DayFigures, Figures } from './queries'

export const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

export const signInsOf = (day: DayFigures) => sum(Object.values(day.sign_ins))

/** The ways in which people signed in during these days; with a password where nobody did. */
export function waysOf(days: DayFigures[]): string[] {
  const ways = new Set(days.flatMap(({ sign_ins }) => Object.keys(sign_ins)))
  return ways.size > 0 ? [...ways].sort() : ['password']
}

/** Roles that somebody has, most users first; deleted users have none any more. */
export function heldRoles(figures: Figures) {
  return figures.roles
    .map(({ name, users }) => ({
      name,
      active: users.active ?? 0,
      provisioned: users.provisioned ?? 0,
      inactive: users.inactive ?? 0,
    }))
    .map((role) => ({ ...role, all: role.active + role.provisioned + role.inactive }))
    .filter(({ all }) => all > 0)
    .sort((a, b) => b.all - a.all)
}
