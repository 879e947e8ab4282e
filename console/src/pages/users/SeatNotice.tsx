import { IconArmchair } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../lib/formats'
import { Notice } from '../../parts/page/Notice'

interface Seats {
  limit?: number | null
  taken: number
  mode: string
}

/** Says it when the seats are gone; nothing is said before. */
export function SeatNotice({ seats }: { seats: Seats | undefined }) {
  const { t } = useTranslation()
  const formats = useFormats()
  if (typeof seats?.limit !== 'number' || seats.taken < seats.limit) return null
  const numbers = { taken: formats.number(seats.taken), limit: formats.number(seats.limit) }
  return (
    <Notice icon={<IconArmchair size={18} aria-hidden />}>
      {seats.mode === 'hard' ? t('users.seatsFull', numbers) : t('users.seatsOver', numbers)}
    </Notice>
  )
}
