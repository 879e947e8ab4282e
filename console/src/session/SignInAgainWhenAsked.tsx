import { Suspense, lazy, useState } from 'react'
import { asking } from './expired'

const SignInAgain = lazy(() => import('./SignInAgain').then(({ SignInAgain }) => ({ default: SignInAgain })))

/** The dialog is fetched when it is asked for the first time. */
export function SignInAgainWhenAsked() {
  const isAsked = asking.use() !== undefined
  const [wasAsked, setWasAsked] = useState(false)
  if (isAsked && !wasAsked) setWasAsked(true)
  return <Suspense>{wasAsked && <SignInAgain />}</Suspense>
}
