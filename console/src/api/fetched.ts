import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import { hasUnsaved } from '../lib/typed'
import { store } from '../lib/store'
import { answers, back, markOffline } from './connection'

/** Whether the server has another version by now: parts of this one cannot be fetched any more. */
export const isOutdated = store(false)

/**
 * A part of the console that is fetched when it is needed. Where the server is away it comes when the server is back; where
 * the server has another version by now, the page is loaded again with it.
 */
export async function fetched<T>(part: () => Promise<T>): Promise<T> {
  try {
    return await part()
  } catch {
    if (!(await answers())) markOffline()
    await back()
    return part().catch(startAgain)
  }
}

const MARK = 'portcullis.reloaded'

/** Loads the page again, once for a version, and not over what was typed: then the person does it when it is kept. */
async function startAgain(error: unknown): Promise<never> {
  // The first script knows the names of all others, so its own name changes with any of them.
  const version = document.querySelector<HTMLScriptElement>('script[type="module"]')?.src ?? ''
  if (hasUnsaved()) isOutdated.set(true)
  else if (sessionStorage.getItem(MARK) === version) throw error
  else {
    sessionStorage.setItem(MARK, version)
    window.location.reload()
  }
  return new Promise(() => undefined)
}

type Parts<Name extends string, Props> = Record<Name, ComponentType<Props>>

/** A component of such a part. */
export function lazyPart<Name extends string, Props>(
  part: () => Promise<Parts<Name, Props>>,
  name: Name,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => ({ default: (await fetched(part))[name] }))
}
