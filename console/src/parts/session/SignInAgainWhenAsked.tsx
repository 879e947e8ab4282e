import { Suspense, useState } from 'react'
import { lazyPart } from '../../api/fetched'
import { asking } from '../../api/expired'
import { stranger } from '../../api/tabs'

const SomebodyElse = lazyPart(() => import('./SomebodyElse'), 'SomebodyElse')
const SignInAgain = lazyPart(() => import('./SignInAgain'), 'SignInAgain')

/** What a session that ended or changed asks of the person. The dialogs are fetched when they are needed for the first time. */
export function SignInAgainWhenAsked() {
  const isAsked = asking.use() !== undefined
  const [wasAsked, setWasAsked] = useState(false)
  if (isAsked && !wasAsked) setWasAsked(true)
  const isCovered = stranger.use() !== undefined
  return (
    <Suspense>
      {wasAsked && <SignInAgain />}
      {isCovered && <SomebodyElse />}
    </Suspense>
  )
}
