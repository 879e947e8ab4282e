import { prefix } from '../lib/place'
import { Avatar } from './Avatar'
import classes from './Avatar.module.css'

interface Props {
  account: { id: string; name: string; logo?: string | null }
  size?: number
}

/** The logo of an account; its letters where it has none. */
export function AccountAvatar({ account: { id, name, logo }, size = 26 }: Props) {
  if (!logo) return <Avatar name={name} square size={size} />
  const address = `${prefix}/api/v1/accounts/${id}/logo?tag=${logo}`
  return <img className={classes.logo} src={address} alt="" width={size} height={size} />
}
