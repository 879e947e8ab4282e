import { needs } from '../../api/generated/needs'
import { type Levels, type Need, isMet } from '../../api/need'

/** Whether somebody with these levels sees only the people of their own systems, and none of the deleted ones. */
export const seesOwnPeopleOnly = (levels: Levels) => !isMet({ ...(needs.list_users as Need), scope: 'account' }, levels)
