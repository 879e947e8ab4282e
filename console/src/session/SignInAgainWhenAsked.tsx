import { Suspense, useState } from 'react'
import { lazyPart } from '../api/fetched'
import { asking } from './expired'

const SignInAgain = lazyPart(() => import('./SignInAgain'), 'SignInAgain')

/** The dialog is fetched when it is asked for the first time. */
export function SignInAgainWhenAsked() {
  const isAsked = asking.use() !== undefined
  const [wasAsked, setWasAsked] = useState(false)
  if (isAsked && !wasAsked) setWasAsked(true)
  return <Suspense>{wasAsked && <SignInAgain />}</Suspense>
}
