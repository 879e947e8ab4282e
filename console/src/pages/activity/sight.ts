import { type Levels, isMet } from '../../api/need'

/** Whether the log shows everything to somebody with these levels (P21); others see what they have to do with. */
export function seesWholeLog(levels: Levels): boolean {
  const holds = (permission: string, level: string) => isMet({ scope: 'account', permission, level }, levels)
  const seesPeople = holds('manage_users', 'view') || holds('security', 'view')
  return holds('activity_log', 'allowed') || (holds('activity_log', 'view') && seesPeople)
}
