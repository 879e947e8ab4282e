import type { Schema } from '../../api/client'

export type Status = Schema['UserStatus']
export type InvitationState = Schema['InvitationState']

export const TABS = ['users', 'inactive', 'invitations', 'deleted'] as const
export type Tab = (typeof TABS)[number]

/** Where a pending invitation may stand; all but the first need somebody who sends them again. */
export const INVITATION_STATES: InvitationState[] = ['open', 'expired', 'inviter_unauthorized', 'link_ended']

/** Those that cannot be accepted, as the address of the list has them. */
export const DEAD_INVITATIONS = INVITATION_STATES.filter((state) => state !== 'open').join(',')

/** Whom a tab shows. */
export const STATUSES: Record<Tab, Status[]> = {
  users: ['active', 'provisioned'],
  inactive: ['inactive'],
  invitations: ['provisioned'],
  deleted: ['deleted'],
}

/** What a tab may be narrowed or widened to. Who holds a role is listed whole: inactive users hold it, too. */
export const CHOICES: Record<Tab, Status[]> = { ...STATUSES, users: ['active', 'provisioned', 'inactive'] }
