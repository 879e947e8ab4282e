import createClient from 'openapi-fetch'
import { prefix } from '../lib/place'
import { hasUnsaved } from '../lib/typed'
import { askToSignIn, goToSignIn, wasSignedIn } from './expired'
import { samePerson, tellTabs } from './tabs'
import { markOnline, markOffline } from './connection'
import type { components, paths } from './generated/schema'
import { markUnattended, nextInput } from './presence'
import { Refused, ServerAway, foreignProblem } from './problem'

export type Schema = components['schemas']

/** The API. A refusal is thrown as `Refused`, a missing answer as `ServerAway`; a session that ended is renewed in place. */
export const api = createClient<paths>({ baseUrl: prefix || window.location.origin, fetch: send })

// These requests are made by people who are not signed in, or need not be any more: 401 is an answer like any other there.
const OPEN = /\/api\/v1\/(sign-in|sign-out|setup|installation|activations|password-resets|link-requests)/

async function send(request: Request): Promise<Response> {
  await samePerson()
  const again = request.clone()
  markUnattended(request)
  const response = await answerTo(request)
  if (response.ok) {
    tellTabs(request)
    return response
  }
  if (response.status === 401 && !OPEN.test(request.url)) {
    const refusal = await refusalIn(response)
    if (request.method === 'GET' && wasSignedIn() && !hasUnsaved()) return goToSignIn(refusal)
    await askToSignIn(refusal)
    return send(again)
  }
  const refusal = await refusalIn(response)
  // They signed in anew in another window: what this page asked by itself, its person asks when they are back.
  if (refusal.problem.code === 'account_not_opened' && !again.headers.has('Portcullis-Background')) {
    await nextInput()
    return send(again)
  }
  throw refusal
}

async function answerTo(request: Request): Promise<Response> {
  const response = await fetch(request).catch((error: unknown) => {
    if (request.signal.aborted) throw error
  })
  // A proxy says so in place of a server that is away; one that is only busy says it by itself.
  if (response && (isProblem(response) || !/502|503|504/.test(String(response.status)))) {
    markOnline()
    return response
  }
  markOffline()
  throw new ServerAway()
}

const isProblem = (response: Response) => response.headers.get('content-type')?.includes('problem+json') === true

async function refusalIn(response: Response): Promise<Refused> {
  return new Refused(isProblem(response) ? await response.json() : foreignProblem(response))
}

/** The body of an answer; refusals were thrown before. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T
}

/** A single thing with its version, to be sent back as `If-Match`. */
export interface Versioned<T> {
  value: T
  version: string
}

export async function versioned<T>(answer: Promise<{ data?: T; response: Response }>): Promise<Versioned<T>> {
  const { data, response } = await answer
  return { value: data as T, version: response.headers.get('etag') ?? '*' }
}
