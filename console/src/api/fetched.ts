import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import { back, lost } from './connection'

/**
 * A part of the console that is fetched when it is needed. Where the server is away it comes when the server is back; where
 * the server has another version by now, the page is loaded again with it.
 */
export async function fetched<T>(part: () => Promise<T>): Promise<T> {
  try {
    return await part()
  } catch {
    lost()
    await back()
    return part().catch(() => {
      window.location.reload()
      return new Promise<never>(() => undefined)
    })
  }
}

type Parts<Name extends string, Props> = Record<Name, ComponentType<Props>>

/** A component of such a part. */
export function lazyPart<Name extends string, Props>(
  part: () => Promise<Parts<Name, Props>>,
  name: Name,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => ({ default: (await fetched(part))[name] }))
}
